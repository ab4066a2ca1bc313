/** How long a machine's snapshots are kept, who says so, what holds them back; and all of them. */
import { Alert, Button, Text } from "@mantine/core";
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
import { RetentionEditor } from "../policies/retention-editor.tsx";
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
    <Page
      title={retention.title(name)}
      above={[list, [name, paths.machine(id)]]}
      actions={<Freeze machine={id} name={name} />}
    >
      <MachineNotices machine={machine.data} />
      {can("policies.view") ? (
        <>
          <RetentionEditor place={{ level: "machine", machine: id, name }} />
          <Panel title={text.machines.holds.title}>
            <MachineHolds machine={id} name={name} />
          </Panel>
        </>
      ) : (
        <Panel title={retention.now}>
          {rule.data.isHeld && (
            <Alert color="orange" mb="sm">
              {retention.held}
            </Alert>
          )}
          <Rule rule={rule.data} />
        </Panel>
      )}
      <Panel title={text.machines.history.title}>
        <MachineSnapshots machine={id} name={name} isDeleted={machine.data.deletedAt !== null} />
      </Panel>
    </Page>
  );
}

/** For who may only read it. */
function Rule({ rule: { effective } }: { readonly rule: RetentionView }) {
  const { policy, numbers, policyFrom, graceDays, graceFrom } = effective;
  const kept = typeof policy === "string" ? retention.policies[policy] : retention.own;
  const counted = Object.entries(numbers).filter(([, count]) => count > 0);
  return (
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
    <Button variant="default" onClick={() => void freeze()}>
      {brakes.freeze}
    </Button>
  );
}
