/** Client Configuration: where something is said, for Desktop and Server agents. */
import { Anchor, Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { GroupView } from "../../../../protocol/messages/groups.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { usePolicy } from "./policy-place.ts";
import { SETTING_NAMES, settingLines } from "./setting-lines.ts";

const texts = text.policies;
const GROUPS_MAX = 500;

export function PoliciesPage() {
  const { can } = useSession();
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  return (
    <Page title={texts.title}>
      <Text c="dimmed" maw={760}>
        {texts.intro}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <KindSummary kind="desktop" />
        <KindSummary kind="server" />
      </SimpleGrid>
      {can("groups.view") && (
        <Stack gap="xs">
          <Title order={2} size="h4">
            {texts.groups}
          </Title>
          <Text size="sm" c="dimmed">
            {texts.groupsHint}
          </Text>
          {groups.error && <ErrorBox error={groups.error} onRetry={() => void groups.refetch()} />}
          <DataTable
            label={texts.groups}
            columns={COLUMNS}
            rows={groups.data?.items}
            rowId={({ id }) => id}
            empty={<Empty title={text.groups.none} hint={text.groups.noneHint} />}
          />
        </Stack>
      )}
    </Page>
  );
}

function KindSummary({ kind }: { readonly kind: "desktop" | "server" }) {
  const { view, error, refetch } = usePolicy({ level: "organization", kind });
  const said = SETTING_NAMES.filter((name) => view?.settings[name] !== undefined);
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {texts.agentsOf(texts.kinds[kind])}
          </Title>
          <Button component={Link} href={paths.policy(kind)} size="xs" aria-label={texts.configure(texts.kinds[kind])}>
            {text.common.edit}
          </Button>
        </Group>
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        {view && said.length === 0 && <Text size="sm">{texts.saysNothing}</Text>}
        <List size="sm" listStyleType="none">
          {view &&
            said.map((name) => (
              <List.Item key={name}>
                <Text span inherit fw={600}>
                  {texts.settings[name]}:
                </Text>{" "}
                {/* The value under this very name. */}
                {visibleText(settingLines(name, view.settings[name]?.value as never).join("; "))}
              </List.Item>
            ))}
        </List>
      </Stack>
    </Paper>
  );
}

const linkTo = (kind: "desktop" | "server"): Column<GroupView> => ({
  id: kind,
  title: texts.kinds[kind],
  cell: ({ id, name }) => (
    <Anchor
      component={Link}
      href={paths.groupPolicy(id, kind)}
      inherit
      aria-label={texts.editOf(texts.kinds[kind], visibleText(name))}
    >
      {text.common.edit}
    </Anchor>
  ),
});

const COLUMNS: readonly Column<GroupView>[] = [
  {
    id: "group",
    title: texts.ofGroup,
    isMain: true,
    cell: ({ name, isDefault }) => (
      <>
        <NameText value={name} />
        {isDefault && " *"}
      </>
    ),
  },
  linkTo("desktop"),
  linkTo("server"),
];
