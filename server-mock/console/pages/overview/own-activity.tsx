/** What others did to one's account, or in its name: nothing of that is hidden from its owner. */
import { Group, Text } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { shortDetail } from "../admin/audit-text.ts";
import "./overview.css";

const SHOWN = 5;
const ownMachines = text.ownMachines;

const sayAct = (action: string): string => (isKnown(action) ? ownMachines.acts[action] : action);

const isKnown = (action: string): action is keyof typeof ownMachines.acts => action in ownMachines.acts;

export function OwnActivity() {
  const { data, error, refetch } = useRead("listActivity", { query: { limit: SHOWN } });
  const more = data?.next ? ([ownMachines.activityMore, paths.me()] as const) : undefined;
  return (
    <Panel title={ownMachines.activity} more={more}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {ownMachines.activityNone}
        </Text>
      )}
      <ul className="plain-rows">
        {data?.items.map(({ id, at, actor, action, detail }) => (
          <li key={id}>
            <Group justify="space-between" wrap="nowrap" align="baseline" gap="sm">
              <Text size="sm">
                <NameText value={actor} /> {sayAct(action)}
                {detail !== "" && (
                  <Text span inherit c="dimmed">
                    {" "}
                    (<NameText value={shortDetail(detail)} />)
                  </Text>
                )}
              </Text>
              <Text size="xs" component="div" className="attention-since">
                <RelativeTime at={at} />
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
