/** What the user is told by mail, and what holds for its agents. */
import { Text } from "@mantine/core";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { ChangeableChoice } from "../../../parts/changeable-choice.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { useSession } from "../../../session/session.tsx";
import { useChangeUser } from "./use-change-user.ts";

const { details, levels, levelHints, places } = text.users;

export function UserSettings({ user }: { readonly user: UserDetails }) {
  const { can } = useSession();
  const change = useChangeUser(user);
  const mayChange = can("users.edit") && user.state !== "deleted";
  const flag = (name: string, isOn: boolean, onSave: (isOn: boolean) => Promise<unknown>, hint?: string) =>
    [
      name,
      <ChangeableChoice
        key={name}
        label={name}
        value={isOn ? "on" : "off"}
        options={ON_OFF}
        shown={isOn ? details.on : details.off}
        mayChange={mayChange}
        {...(hint === undefined ? {} : { hint })}
        onSave={(value) => onSave(value === "on")}
      />,
    ] as const;
  return (
    <Facts
      rows={[
        [
          details.notifications,
          <ChangeableChoice
            key="level"
            label={details.notifications}
            value={user.notifications}
            options={LEVELS}
            shown={
              <>
                {levels[user.notifications]}{" "}
                <Text span inherit c="dimmed">
                  ({levelHints[user.notifications]})
                </Text>
              </>
            }
            mayChange={mayChange}
            onSave={(value) => {
              const level = LEVELS.find((each) => each.value === value)?.value;
              return level === undefined ? Promise.resolve() : change({ notifications: level });
            }}
          />,
        ],
        flag(
          details.business,
          user.businessNotifications,
          (businessNotifications) => change({ businessNotifications }),
          details.businessHint,
        ),
        flag(details.agentAutoUpdate, user.agentAutoUpdate, (agentAutoUpdate) => change({ agentAutoUpdate })),
        [
          details.locations,
          <ChangeableChoice
            key="locations"
            label={details.locations}
            value={user.locations}
            options={PLACES}
            shown={places[user.locations]}
            mayChange={mayChange}
            onSave={(value) => {
              const place = PLACES.find((each) => each.value === value)?.value;
              return place === undefined ? Promise.resolve() : change({ locations: place });
            }}
          />,
        ],
      ]}
    />
  );
}

const ON_OFF = [
  { value: "on", label: details.on },
  { value: "off", label: details.off },
];
const LEVELS = (["off", "less", "more", "all"] as const).map((value) => ({
  value,
  label: `${levels[value]}: ${levelHints[value].toLowerCase()}`,
}));
const PLACES = (["local-and-cloud", "cloud-only"] as const).map((value) => ({ value, label: places[value] }));
