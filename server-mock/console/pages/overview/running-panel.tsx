/** Backups that run now, as far as they are. */
import { Anchor, Group, Progress, Stack, Text } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { Panel } from "../../parts/panel.tsx";
import type { ListedBackup } from "../../parts/records/backup-columns.tsx";
import { TimeLink } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import "./overview.css";

const SHOWN = 5;

export interface RunningPanelProps {
  readonly organization: string | undefined;
  /** How many there are. */
  readonly running: number;
}

export function RunningPanel({ organization, running }: RunningPanelProps) {
  const query = { organization, state: "running", limit: SHOWN } as const;
  const { data, error, refetch } = useRead("searchBackups", { query }, { keepShown: true });
  const more = running > 0 ? ([text.overview.runningMore, paths.backups({ state: "running" })] as const) : undefined;
  return (
    <Panel title={`${text.overview.running} (${running.toLocaleString("en")})`} more={more}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {text.overview.runningNone}
        </Text>
      )}
      <ul className="plain-rows">
        {data?.items.map((backup) => (
          <li key={backup.id}>
            <RunningBackup backup={backup} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function RunningBackup({ backup }: { readonly backup: ListedBackup }) {
  const { id, machine, machineName, startedAt, files, bytes, bytesTransferred, shown } = backup;
  const part = usePart(backup);
  const said = part === undefined ? text.overview.runningUnknown : text.overview.runningPart(part);
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" component="div">
          <Anchor component={Link} href={paths.machine(machine)} fw={600} inherit>
            <NameText value={machineName} />
          </Anchor>{" "}
          <Text span inherit c="dimmed">
            {shown.type}, {text.overview.runningSince}
          </Text>{" "}
          <TimeLink at={startedAt} href={paths.backup(id)} />
        </Text>
        <Text size="sm" className="number-cell">
          {text.overview.runningDone(files.toLocaleString("en"), formatBytes(bytes))} ·{" "}
          {text.overview.runningSent(formatBytes(bytesTransferred))}
        </Text>
      </Group>
      <Progress
        value={part ?? 100}
        animated
        size="sm"
        color="teal.7"
        aria-label={`${visibleText(machineName)}: ${said}`}
      />
      <Text size="xs" c="dimmed">
        {said}
      </Text>
    </Stack>
  );
}

const PERCENT_MAX = 99;

/** Nobody knows beforehand how much there is; the last successful backup is near to it. In percent. */
function usePart({ machine, files }: ListedBackup): number | undefined {
  const query = { machine, state: "success", limit: 1 } as const;
  const { data } = useRead("searchBackups", { query });
  const before = data?.items[0]?.files;
  return before === undefined || before === 0 ? undefined : Math.min(PERCENT_MAX, Math.round((100 * files) / before));
}
