/** Retention of the organization, with its legal holds; and that of a group. */
import { Anchor, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { MissingPage } from "../missing-page.tsx";
import type { PageProps } from "../page-row.ts";
import { Holds } from "./holds.tsx";
import { RetentionEditor } from "./retention-editor.tsx";

const { retention: texts } = text.policies;
const GROUPS_MAX = 500;

export function RetentionPage() {
  const { account, can } = useSession();
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  if (account.organization === null) return <MissingPage />;
  return (
    <Page title={texts.title}>
      <Text c="dimmed">{texts.intro}</Text>
      <RetentionEditor place={{ level: "organization", organization: account.organization }} />
      {groups.data && groups.data.items.length > 0 && (
        <Stack gap="xs" component="section" aria-label={texts.groups}>
          <Title order={2} size="h4">
            {texts.groups}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.groupsHint}
          </Text>
          <Group gap="lg">
            {groups.data.items.map(({ id, name }) => (
              <Anchor key={id} component={Link} href={paths.groupRetention(id)}>
                <bdi>{visibleText(name)}</bdi>
              </Anchor>
            ))}
          </Group>
        </Stack>
      )}
      <Holds />
    </Page>
  );
}

export function GroupRetentionPage({ params }: PageProps) {
  const { id = "" } = params;
  const group = useRead("getGroup", { params: { group: id } });
  const name = visibleText(group.data?.name ?? "…");
  return (
    <Page
      title={texts.groupTitle(name)}
      above={[
        [text.groups.list, paths.groups()],
        [name, paths.group(id)],
      ]}
    >
      <RetentionEditor place={{ level: "group", group: id }} />
    </Page>
  );
}
