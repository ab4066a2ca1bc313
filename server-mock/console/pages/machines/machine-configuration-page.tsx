/** View Configuration: what holds for a machine, which level says so, and whether the machine has it already. */

import { LockClosedIcon } from "@heroicons/react/24/outline";
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { Link, useSearch } from "wouter";
import type { EffectivePolicy, EffectiveSettings } from "../../../../protocol/messages/policies.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Panel } from "../../parts/panel.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { PolicyEditor } from "../policies/policy-editor.tsx";
import { SETTING_NAMES, type SettingName, settingLines } from "../policies/setting-lines.ts";

const { configuration } = text.machines;

export function MachineConfigurationPage({ params }: PageProps) {
  const { isUser, can } = useSession();
  const isEditing = new URLSearchParams(useSearch()).has("edit") && can("policies.view");
  const id = params.id ?? "";
  useLive({ policies: ["getEffectivePolicy"], machines: ["getEffectivePolicy"] });
  const machine = useRead("getMachine", { params: { machine: id } });
  const policy = useRead("getEffectivePolicy", { params: { machine: id } });
  const list = [isUser ? text.machines.ownList : text.machines.list, paths.machines()] as const;
  const error = machine.error ?? policy.error;
  if (error !== null)
    return (
      <Page title={configuration.page} above={[list]}>
        <ErrorBox error={error} onRetry={() => void Promise.all([machine.refetch(), policy.refetch()])} />
      </Page>
    );
  if (machine.data === undefined || policy.data === undefined) return <PageSkeleton />;
  const { name } = machine.data;
  return (
    <Page
      title={isEditing ? configuration.editTitle(name) : configuration.title(name)}
      above={[list, [name, paths.machine(id)]]}
      actions={can("policies.view") && <Switch machine={id} isEditing={isEditing} />}
    >
      <Taken policy={policy.data} />
      {isEditing ? (
        <PolicyEditor place={{ level: "machine", machine: id }} />
      ) : (
        <Panel title={configuration.inEffect}>
          <DataTable
            label={configuration.title(name)}
            columns={COLUMNS}
            rows={rowsOf(policy.data.settings)}
            rowId={({ name }) => name}
            empty={null}
          />
        </Panel>
      )}
    </Page>
  );
}

const Switch = ({ machine, isEditing }: { readonly machine: string; readonly isEditing: boolean }) => (
  <Button
    variant="default"
    component={Link}
    href={isEditing ? paths.machineConfiguration(machine) : `${paths.machineConfiguration(machine)}?edit`}
  >
    {isEditing ? configuration.inEffect : configuration.edit}
  </Button>
);

function Taken({ policy: { tag, takenTag, takenAt } }: { readonly policy: EffectivePolicy }) {
  const isTaken = tag === takenTag;
  return (
    <Alert color={isTaken ? "teal" : "orange"} title={isTaken ? configuration.taken : configuration.waiting}>
      <Text size="sm" component="div">
        {!isTaken && configuration.waitingHint}{" "}
        {takenAt !== null && (
          <>
            {isTaken ? configuration.takenAt : configuration.takenBefore} <RelativeTime at={takenAt} />
          </>
        )}
      </Text>
    </Alert>
  );
}

interface Row {
  readonly name: SettingName;
  readonly lines: readonly string[];
  readonly level: keyof typeof configuration.levels;
  readonly locked: boolean;
}

const rowsOf = (settings: EffectiveSettings): readonly Row[] => SETTING_NAMES.map((name) => rowOf(name, settings));

function rowOf<Name extends SettingName>(name: Name, settings: EffectiveSettings): Row {
  const { value, level, locked } = settings[name];
  return { name, lines: settingLines(name, value), level, locked };
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: "setting",
    title: configuration.columns.setting,
    isMain: true,
    cell: ({ name }) => configuration.settings[name],
  },
  {
    id: "value",
    title: configuration.columns.value,
    cell: ({ lines }) => (
      <Stack gap={2}>
        {lines.map((line) => (
          <NameText key={line} value={line} />
        ))}
      </Stack>
    ),
  },
  { id: "from", title: configuration.columns.from, cell: ({ level }) => configuration.levels[level] },
  {
    id: "lock",
    title: configuration.columns.lock,
    cell: ({ locked }) =>
      locked ? (
        <Group gap={4} wrap="nowrap" title={configuration.lockedHint}>
          <LockClosedIcon width={16} aria-hidden="true" />
          {configuration.locked}
        </Group>
      ) : (
        <Text span inherit c="dimmed">
          {configuration.unlocked}
        </Text>
      ),
  },
];
