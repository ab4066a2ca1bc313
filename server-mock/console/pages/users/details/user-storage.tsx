/** What the user uses and may use: D8 to D12 of the User Details panel. */
import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "wouter";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { Facts } from "../../../parts/facts.tsx";
import { shownSize } from "../../../parts/gigabytes.ts";
import { StorageLimit } from "../../../parts/storage-limit.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import { useChangeUser } from "./use-change-user.ts";
import { UserDevices } from "./user-devices.tsx";
import { UserKeys } from "./user-keys.tsx";

const { details } = text.users;

export function UserStorage({ user }: { readonly user: UserDetails }) {
  const { can, isOwner } = useSession();
  const change = useChangeUser(user);
  const mayChange = can("users.edit") && user.state !== "deleted";
  const available = user.availableBytes === null ? details.noEnd : shownSize(user.availableBytes);
  return (
    <Facts
      rows={[
        [
          details.storage,
          <Group key="storage" gap="sm">
            <Text span inherit className={`usage-${user.quotaState}`}>
              {details.storageLine(shownSize(user.usedBytes), available)}
            </Text>
            {!isOwner && can("organization.view") && (
              <Anchor component={Link} href={paths.resources()} size="sm">
                {details.buyMore}
              </Anchor>
            )}
          </Group>,
        ],
        [
          details.userLimit,
          <StorageLimit
            key="limit"
            label={details.userLimit}
            limitBytes={user.limitBytes}
            allowed={user.allowed.limitBytes}
            mayChange={mayChange}
            none={details.noLimit}
            removal={details.removeUserLimit}
            onSave={(limitBytes) => change({ limitBytes })}
          />,
        ],
        [details.devices, <UserDevices key="devices" user={user} mayChange={mayChange} />],
        can("keys.view") ? [text.users.keys.label, <UserKeys key="keys" user={user} />] : undefined,
      ]}
    />
  );
}
