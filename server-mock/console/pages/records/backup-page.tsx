/** One backup: what was done, how it ended, and which files had trouble. */
import { Anchor, Button, Code, Grid, Stack, Title } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { Answer } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { RunResult } from "../../parts/charts/status-badge.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Duration } from "../../parts/records/backup-columns.tsx";
import { RunFlagSentences } from "../../parts/records/run-flags.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { BackupProblems } from "./backup-problems.tsx";

const { backups } = text.records;
const { columns: titles } = backups;

type Backup = Answer<"getBackup">;

export function BackupPage({ params: { id = "" } }: PageProps) {
  const { data, error, refetch } = useRead("getBackup", { params: { backup: id } });
  const machine = useRead("getMachine", { params: { machine: data?.machine ?? "" } }, { when: data !== undefined });
  useLive({ backups: ["getBackup", "listProblems"], growing: ["getBackup"] });
  if (error !== null) return <ErrorBox error={error} onRetry={() => void refetch()} />;
  if (data === undefined || machine.isPending) return <PageSkeleton />;
  const name = machine.data?.name ?? data.machine;
  return (
    <Page
      title={backups.one(visibleText(name))}
      above={[[backups.list, paths.backups()]]}
      actions={<RestoreLink backup={data} isOwn={machine.data?.user.id} />}
    >
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={backups.how}>
            <Facts
              rows={[
                [
                  titles.result,
                  <RunResult key="result" state={data.state}>
                    {data.shown.result}
                  </RunResult>,
                ],
                data.flags.length === 0
                  ? undefined
                  : [backups.looksLikeDamage, <RunFlagSentences key="flags" flags={data.flags} />],
                [titles.type, data.shown.type],
                [titles.startedAt, <RelativeTime key="start" at={data.startedAt} />],
                [backups.endedAt, <RelativeTime key="end" at={data.endedAt} never={backups.states.running} />],
                [titles.duration, <Duration key="duration" startedAt={data.startedAt} duration={durationOf(data)} />],
                [
                  titles.machine,
                  <Anchor key="machine" component={Link} href={paths.machine(data.machine)} inherit>
                    <NameText value={name} />
                  </Anchor>,
                ],
                machine.data === undefined
                  ? undefined
                  : [titles.user, <NameText key="user" value={machine.data.user.email} />],
                [backups.snapshot, data.snapshot === null ? backups.noSnapshot : `#${data.snapshot}`],
              ]}
            />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Panel title={backups.what}>
            <Facts
              rows={[
                [titles.files, data.files.toLocaleString("en")],
                [titles.bytes, formatBytes(data.bytes)],
                [titles.filesEncoded, data.filesEncoded.toLocaleString("en")],
                [titles.bytesEncoded, formatBytes(data.bytesEncoded)],
                [titles.filesTransferred, data.filesTransferred.toLocaleString("en")],
                [titles.bytesTransferred, formatBytes(data.bytesTransferred)],
                ["ID", <Code key="id">{data.id}</Code>],
              ]}
            />
          </Panel>
        </Grid.Col>
      </Grid>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {text.records.problems.title(data.problemCount)}
        </Title>
        <BackupProblems backup={id} isRunning={data.endedAt === null} />
      </Stack>
    </Page>
  );
}

const durationOf = ({ startedAt, endedAt }: Backup): number | null =>
  endedAt === null ? null : Date.parse(endedAt) - Date.parse(startedAt);

function RestoreLink({ backup, isOwn }: { readonly backup: Backup; readonly isOwn: string | undefined }) {
  const { account, can } = useSession();
  if (backup.snapshot === null || !(isOwn === account.id || can("restores.create"))) return null;
  return (
    <Button
      variant="default"
      component={Link}
      href={paths.restoreMachine(backup.machine, { snapshot: String(backup.snapshot) })}
    >
      {backups.restore}
    </Button>
  );
}
