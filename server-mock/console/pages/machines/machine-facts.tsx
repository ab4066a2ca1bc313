/** The facts of the Machine Details panel. */
import { Anchor, Text, Tooltip } from "@mantine/core";
import { Link } from "wouter";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Changeable } from "../../parts/changeable.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText } from "../../parts/name-text.tsx";
import { RelativeTime, shortDate } from "../../parts/relative-time.tsx";
import { StorageLimit } from "../../parts/storage-limit.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { agentFacts } from "./machine-agent.tsx";

const { facts } = text.machines;

export function MachineFacts({ machine }: { readonly machine: MachineDetails }) {
  const { isUser, isOwner, can } = useSession();
  const { id, version, user, group, quota } = machine;
  const change = useAct("changeMachine");
  const mayChange = can("machines.edit") && machine.deletedAt === null;
  const save = (body: { externalId?: string | null; limitBytes?: number | null }) =>
    change.mutateAsync({ params: { machine: id }, ifMatch: version, body });
  const owner = <NameText value={user.email} />;
  return (
    <Text size="sm" component="div">
      <Facts
        rows={[
          [facts.id, <MachineId key="id" id={id} />],
          [
            facts.externalId,
            <Changeable
              key="externalId"
              label={facts.externalId}
              value={machine.externalId ?? ""}
              mayChange={mayChange}
              onSave={(typed) => save({ externalId: typed === "" ? null : typed })}
            />,
          ],
          [
            facts.owner,
            can("users.view") ? (
              <Anchor key="owner" component={Link} href={paths.user(user.id)} inherit>
                {owner}
              </Anchor>
            ) : (
              owner
            ),
          ],
          isUser
            ? undefined
            : [
                facts.group,
                can("groups.view") ? (
                  <Anchor key="group" component={Link} href={paths.group(group.id)} inherit>
                    <NameText value={group.name} />
                  </Anchor>
                ) : (
                  <NameText key="group" value={group.name} />
                ),
              ],
          isOwner ? [facts.organization, <NameText key="organization" value={machine.organization} />] : undefined,
          [facts.spaceUsed, <SpaceUsed key="used" quota={quota} />],
          [
            facts.limit,
            <StorageLimit
              key="limit"
              label={facts.limit}
              limitBytes={machine.limitBytes}
              allowed={machine.limitRange}
              mayChange={mayChange}
              none={text.machines.limit.shared}
              removal={text.machines.limit.removeBody}
              onSave={(limitBytes) => save({ limitBytes })}
            />,
          ],
          [facts.lastUpdate, <RelativeTime key="update" at={machine.lastUpdateAt} never={text.common.notAvailable} />],
          [facts.lastSeen, <RelativeTime key="seen" at={machine.lastSeenAt} />],
          ...agentFacts(machine.agent),
          [facts.state, machine.state === "suspended" ? facts.suspendedYes : text.common.no],
          [facts.encryption, <Encryption key="encryption" machine={machine} />],
          [facts.clientVersion, <NameText key="version" value={machine.clientVersion} />],
          [
            facts.productKey,
            machine.key === null
              ? `${facts.keyless} (${text.machines.kinds[machine.kind]})`
              : text.machines.keyText(machine.key.lastGroup, text.machines.kinds[machine.key.kind]),
          ],
          [facts.system, <System key="system" machine={machine} />],
          [facts.created, shortDate(machine.createdAt)],
          [
            facts.configuration,
            machine.policy.takenTag === machine.policy.tag
              ? text.machines.configurationTaken
              : text.machines.configurationWaiting,
          ],
          machine.installRegion === null
            ? undefined
            : [facts.region, <NameText key="region" value={machine.installRegion} />],
        ]}
      />
    </Text>
  );
}

/** On one line, so that it can be copied with a double click. */
const MachineId = ({ id }: { readonly id: string }) => (
  <Text span size="xs" ff="monospace">
    {id}
  </Text>
);

function SpaceUsed({ quota: { usedBytes, limitBytes, availableBytes } }: { readonly quota: MachineDetails["quota"] }) {
  const free =
    availableBytes === null ? text.machines.availableNone : text.machines.available(formatBytes(availableBytes));
  return (
    <UsageBar label={facts.spaceUsed} used={usedBytes} limit={limitBytes}>
      {`${usedBytes === 0 ? text.common.none : formatBytes(usedBytes)} (${free})`}
    </UsageBar>
  );
}

function Encryption({ machine: { encryption, algorithm } }: { readonly machine: MachineDetails }) {
  return (
    <Tooltip label={text.machines.encryptionHints[encryption]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it means shows on focus, too. */}
      <span tabIndex={0} className="has-tip">
        {text.machines.encryption[encryption]} ({algorithm})
      </span>
    </Tooltip>
  );
}

function System({ machine: { os, virtual } }: { readonly machine: MachineDetails }) {
  return (
    <>
      <NameText value={os} />
      {virtual && (
        <Text span inherit c="dimmed">
          {" "}
          ({facts.virtual})
        </Text>
      )}
    </>
  );
}
