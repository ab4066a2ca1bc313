/** Resources: what the organization has, and which group uses it. */
import { Anchor, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { GroupView } from "../../../../protocol/messages/groups.ts";
import type { OrganizationDetails } from "../../../../protocol/messages/organizations.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { countedPools, storageLines, usedLines } from "./storage-text.ts";

const { resources: texts } = text.groups;
const GROUPS_MAX = 500;

export function ResourcesPage() {
  const { can } = useSession();
  const { data: organization, error, refetch } = useRead("ownOrganization");
  const groups = useRead("listGroups", { query: { limit: GROUPS_MAX } }, { when: can("groups.view") });
  if (error)
    return (
      <Page title={texts.title}>
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (organization === undefined) return <PageSkeleton />;
  return (
    <Page title={texts.title}>
      <Text c="dimmed">{texts.intro}</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            {texts.storage}
          </Title>
          <Storage organization={organization} />
        </Paper>
        <Paper withBorder p="md">
          <Title order={2} size="h4" mb="sm">
            {texts.licences}
          </Title>
          <Licences organization={organization} />
        </Paper>
      </SimpleGrid>
      {can("groups.view") && (
        <Stack gap="xs">
          <Title order={2} size="h4">
            {texts.byGroup}
          </Title>
          {groups.error && <ErrorBox error={groups.error} onRetry={() => void groups.refetch()} />}
          <DataTable
            label={texts.byGroup}
            columns={COLUMNS}
            rows={groups.data?.items}
            rowId={({ id }) => id}
            empty={<Empty title={text.groups.none} hint={text.groups.noneHint} />}
          />
        </Stack>
      )}
      <Stack gap="xs">
        <Title order={2} size="h4">
          {texts.change}
        </Title>
        <Text size="sm">{texts.changeOwn}</Text>
        <Text size="sm">{texts.changeMore}</Text>
      </Stack>
    </Page>
  );
}

function Storage({ organization }: { readonly organization: OrganizationDetails }) {
  const counted = organization.settings.separatePools ? ["desktop", "server"] : ["all"];
  return (
    <Stack gap="md">
      {organization.pools
        .filter(({ kind }) => counted.includes(kind))
        .map(({ kind, usedBytes, limitBytes, overageBytes, availableBytes }) => (
          <Stack gap="xs" key={kind}>
            {counted.length > 1 && <Text fw={600}>{text.groups.kinds[kind]}</Text>}
            <UsageBar label={text.groups.kinds[kind]} used={usedBytes} limit={limitBytes} />
            <Facts
              rows={[
                [texts.of, limitBytes === null ? texts.noLimit : formatBytes(limitBytes)],
                [text.groups.columns.available, availableBytes === null ? texts.noLimit : formatBytes(availableBytes)],
                limitBytes === null
                  ? undefined
                  : [texts.overage, overageBytes === null ? texts.overageSoft : formatBytes(overageBytes)],
              ]}
            />
          </Stack>
        ))}
    </Stack>
  );
}

function Licences({ organization }: { readonly organization: OrganizationDetails }) {
  return (
    <Stack gap="md">
      {(["desktop", "server"] as const).map((kind) => {
        const pool = organization.pools.find((each) => each.kind === kind);
        const handed = organization.allowed.pools.find((each) => each.kind === kind)?.devices?.minimum ?? 0;
        const label = texts.licencesOf(text.groups.kinds[kind]);
        return (
          <Stack gap={4} key={kind}>
            <Text fw={600}>{label}</Text>
            <UsageBar label={label} used={handed} limit={pool?.devices ?? null}>
              {`${text.groups.licencesUsed(handed, pool?.devices ?? null)}, ${text.groups.licencesFree(pool?.devicesFree ?? null)}`}
            </UsageBar>
          </Stack>
        );
      })}
    </Stack>
  );
}

const licences =
  (kind: "desktop" | "server") =>
  ({ pools }: GroupView) => {
    const devices = pools.find((pool) => pool.kind === kind)?.devices ?? null;
    const free = pools.find((pool) => pool.kind === kind)?.devicesFree ?? null;
    return `${devices ?? text.groups.modes.shared} (${text.groups.licencesFree(free)})`;
  };

const COLUMNS: readonly Column<GroupView>[] = [
  {
    id: "group",
    title: texts.group,
    isMain: true,
    cell: ({ id, name, isDefault }) => (
      <Anchor component={Link} href={paths.group(id)} inherit>
        <NameText value={name} />
        {isDefault && " *"}
      </Anchor>
    ),
  },
  { id: "storage", title: text.groups.columns.storage, cell: (group) => storageLines(group).join(", ") },
  { id: "used", title: text.groups.columns.storageUsed, isNumber: true, cell: (group) => usedLines(group).join(", ") },
  {
    id: "available",
    title: text.groups.columns.available,
    isNumber: true,
    cell: (group) =>
      countedPools(group)
        .map(({ availableBytes }) => (availableBytes === null ? texts.noLimit : formatBytes(availableBytes)))
        .join(", "),
  },
  { id: "desktop", title: texts.licencesOf(text.groups.kinds.desktop), cell: licences("desktop") },
  { id: "server", title: texts.licencesOf(text.groups.kinds.server), cell: licences("server") },
];
