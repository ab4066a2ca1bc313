/** The Machine Details panel: what it is, how it fares, what can be done with it. */
import { SimpleGrid, Stack } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Panel } from "../../parts/panel.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { MachineActions } from "./machine-actions.tsx";
import { MachineFacts } from "./machine-facts.tsx";
import { MachineNotices } from "./machine-notices.tsx";
import { MachineRecords, Running } from "./machine-records.tsx";
import { MachineSpace } from "./machine-space.tsx";
import { RunsByDay } from "./runs-by-day.tsx";
import { SpaceByFolder } from "./space-by-folder.tsx";
import { StorageOverTime } from "./storage-over-time.tsx";

export function MachinePage({ params }: PageProps) {
  const { isUser, actor, can } = useSession();
  // Whoever acts in a user's name does not see what is in the backups.
  const mayOpen = (isUser && actor === null) || can("restores.create");
  const id = params.id ?? "";
  const answer = useRead("getMachine", { params: { machine: id } });
  const above = [[isUser ? text.machines.ownList : text.machines.list, paths.machines()]] as const;
  const machine = answer.data;
  if (machine === undefined)
    return answer.error === null ? (
      <PageSkeleton />
    ) : (
      <Page title={text.machines.facts.title} above={above}>
        <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />
      </Page>
    );
  return (
    <Page title={machine.name} above={above}>
      <MachineActions machine={machine} />
      <MachineNotices machine={machine} />
      {machine.deletedAt === null && <Running machine={machine.id} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack gap="md">
          <Panel title={text.machines.facts.title}>
            <MachineFacts machine={machine} />
          </Panel>
          <Panel title={text.machines.space.counted}>
            <MachineSpace machine={id} />
          </Panel>
        </Stack>
        <Stack gap="md">
          <Panel title={text.machines.runs}>
            <RunsByDay machine={machine.id} />
          </Panel>
          <Panel title={text.machines.storage}>
            <StorageOverTime machine={machine} />
          </Panel>
        </Stack>
      </SimpleGrid>
      <MachineRecords machine={machine} />
      {mayOpen && (
        <Panel title={text.machines.space.title}>
          <SpaceByFolder machine={machine} />
        </Panel>
      )}
    </Page>
  );
}
