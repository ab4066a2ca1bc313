/** What changed since midnight: counts that lead to what they count, and the newest of it. */
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import "./overview.css";

const SHOWN = 6;

export function TodayPanel({ organization }: { readonly organization: string | undefined }) {
  const { data, error, refetch } = useRead("overviewToday", { query: { organization } }, { keepShown: true });
  const counted = data?.changes.filter(({ count }) => count > 0) ?? [];
  return (
    <Panel title={text.overview.today} more={[text.overview.todayMore, paths.events({ organization })]}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data !== undefined && (
        <Stack gap="sm">
          <Text size="xs" c="dimmed">
            {text.overview.todaySince(data.timeZone)} {counted.length === 0 && text.overview.todayNone}
          </Text>
          {counted.length > 0 && (
            <Group gap="md" className="today-counts">
              {counted.map(({ what, count, filter }) => (
                <Anchor key={what} component={Link} href={paths.events(filter)} size="sm">
                  {text.overview.todayCounts[what]}: {count.toLocaleString("en")}
                </Anchor>
              ))}
            </Group>
          )}
          {data.newest.length > 0 && (
            <ul className="plain-rows">
              {data.newest.slice(0, SHOWN).map(({ id, at, shown }) => (
                <li key={id}>
                  <Group justify="space-between" wrap="nowrap" align="baseline" gap="sm">
                    <Text size="sm">
                      <NameText value={shown} />
                    </Text>
                    <Text size="xs" component="div" className="attention-since">
                      <RelativeTime at={at} />
                    </Text>
                  </Group>
                </li>
              ))}
            </ul>
          )}
        </Stack>
      )}
    </Panel>
  );
}
