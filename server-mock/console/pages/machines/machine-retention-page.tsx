/** How long a machine's snapshots are kept, who says so, what holds them back; and all of them. */
import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { RetentionView } from "../../../../protocol/messages/retention.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Panel } from "../../parts/panel.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { MachineHolds } from "./machine-holds.tsx";
import { MachineNotices } from "./machine-notices.tsx";
import { MachineSnapshots } from "./machine-snapshots.tsx";

const { retention, brakes } = text.machines;

export function MachineRetentionPage({ params }: PageProps) {
  const { isUser, can } = useSession();
  const id = params.id ?? "";
  const machine = useRead("getMachine", { params: { machine: id } });
  const rule = useRead("getMachineRetention", { params: { machine: id } });
  const list = [isUser ? text.machines.ownList : text.machines.list, paths.machines()] as const;
  const error = machine.error ?? rule.error;
  if (error !== null)
    return (
      <Page title={retention.page} above={[list]}>
        <ErrorBox error={error} onRetry={() => void Promise.all([machine.refetch(), rule.refetch()])} />
      </Page>
    );
  if (machine.data === undefined || rule.data === undefined) return <PageSkeleton />;
  const { name } = machine.data;
  return (
    <Page title={retention.title(name)} above={[list, [name, paths.machine(id)]]}>
      <MachineNotices machine={machine.data} />
      <SimpleGrid cols={{ base: 1, lg: can("policies.view") ? 2 : 1 }}>
        <Panel title={retention.now}>
          <Rule rule={rule.data} machine={id} name={name} />
        </Panel>
        {can("policies.view") && (
          <Panel title={text.machines.holds.title}>
            <MachineHolds machine={id} name={name} />
          </Panel>
        )}
      </SimpleGrid>
      <Panel title={text.machines.history.title}>
        <MachineSnapshots machine={id} isDeleted={machine.data.deletedAt !== null} />
      </Panel>
    </Page>
  );
}

interface RuleProps {
  readonly rule: RetentionView;
  readonly machine: string;
  readonly name: string;
}

function Rule({ rule: { effective, isHeld }, machine, name }: RuleProps) {
  const { policy, numbers, policyFrom, graceDays, graceFrom } = effective;
  const kept = typeof policy === "string" ? retention.policies[policy] : retention.own;
  const counted = Object.entries(numbers).filter(([, count]) => count > 0);
  return (
    <Stack gap="sm">
      <Text size="sm" component="div">
        <Facts
          rows={[
            [retention.policy, <From key="policy" value={kept} from={retention.from[policyFrom]} />],
            [
              retention.numbersKept,
              counted.map(([key, count]) => `${count} ${retention.numbers[key as keyof typeof numbers]}`).join(", "), // Its own keys.
            ],
            [
              retention.grace,
              <From key="grace" value={retention.graceDays(graceDays)} from={retention.from[graceFrom]} />,
            ],
          ]}
        />
      </Text>
      {isHeld && <Text size="sm">{retention.held}</Text>}
      <Freeze machine={machine} name={name} />
    </Stack>
  );
}

const From = ({ value, from }: { readonly value: string; readonly from: string }) => (
  <>
    {value}{" "}
    <Text span inherit c="dimmed">
      ({from})
    </Text>
  </>
);

/** Thawing is offered where the freeze is told. */
function Freeze({ machine, name }: { readonly machine: string; readonly name: string }) {
  const { can } = useSession();
  const confirm = useConfirm();
  const space = useRead("getSpace", { params: { machine } });
  const change = useAct("changeSpace");
  if (!can("machines.edit") || space.data === undefined || space.data.frozenAt !== null) return null;
  const freeze = async () => {
    const asked = { title: brakes.freezeTitle(name), body: brakes.freezeBody, action: brakes.freeze };
    if (!(await confirm(asked))) return;
    try {
      await change.mutateAsync({ params: { machine }, body: { isFrozen: true } });
      notify(brakes.frozenDone);
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Group>
      <Button size="xs" variant="default" onClick={() => void freeze()}>
        {brakes.freeze}
      </Button>
    </Group>
  );
}
