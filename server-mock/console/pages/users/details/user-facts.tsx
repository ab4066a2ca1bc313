/** Who the user is: D1 to D7 of the User Details panel. */
import { Anchor, Badge, Code, Group } from "@mantine/core";
import { Link } from "wouter";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { Changeable } from "../../../parts/changeable.tsx";
import { ChangeableChoice } from "../../../parts/changeable-choice.tsx";
import { Facts } from "../../../parts/facts.tsx";
import { NameText } from "../../../parts/name-text.tsx";
import { RelativeTime, shortDate } from "../../../parts/relative-time.tsx";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import { useChangeUser } from "./use-change-user.ts";
import { useUserOrganization } from "./use-user-organization.ts";

const { details, columns, states, kinds, bothKinds } = text.users;

export function UserFacts({ user }: { readonly user: UserDetails }) {
  const { can } = useSession();
  const change = useChangeUser(user);
  const organization = useUserOrganization(user.group.id);
  const mayChange = can("users.edit") && user.state !== "deleted";
  const groups = useRead(
    "listGroups",
    { query: { limit: 200, organization: organization?.id } },
    { when: mayChange && can("groups.view") },
  );
  const others = groups.data?.items ?? [];
  const regions = organization?.settings.installRegions ?? [];
  return (
    <Facts
      rows={[
        [
          details.id,
          <Code key="id" fz="xs" bg="none" p={0}>
            {user.id}
          </Code>,
        ],
        [
          columns.externalId,
          <Changeable
            key="external"
            label={columns.externalId}
            value={user.externalId ?? ""}
            {...(user.externalId === null ? {} : { shown: <NameText value={user.externalId} /> })}
            mayChange={mayChange}
            onSave={(value) => change({ externalId: value === "" ? null : value })}
          />,
        ],
        [
          columns.name,
          <Changeable
            key="name"
            label={columns.name}
            value={user.name}
            shown={<NameText value={user.name} />}
            mayChange={mayChange}
            onSave={(name) => change({ name })}
          />,
        ],
        [details.email, <NameText key="email" value={user.email} />],
        [
          details.state,
          <Group key="state" gap="xs">
            <Badge>{states[user.state]}</Badge>
          </Group>,
        ],
        [details.type, user.kind === null ? bothKinds : kinds[user.kind]],
        [
          columns.created,
          <span key="created">
            {shortDate(user.createdAt)} (<RelativeTime at={user.createdAt} />)
          </span>,
        ],
        [details.createdFrom, user.createdFrom ?? "–"],
        [
          columns.group,
          <ChangeableChoice
            key="group"
            label={columns.group}
            value={user.group.id}
            options={others.map(({ id, label }) => ({ value: id, label }))}
            shown={
              can("groups.view") ? (
                <Anchor component={Link} href={paths.group(user.group.id)} inherit>
                  <NameText value={user.group.label} />
                </Anchor>
              ) : (
                <NameText value={user.group.label} />
              )
            }
            mayChange={mayChange && others.length > 1}
            hint={details.groupHint}
            onSave={(group) => change({ group })}
          />,
        ],
        regions.length === 0 && user.installRegion === null
          ? undefined
          : [
              details.region,
              <ChangeableChoice
                key="region"
                label={details.region}
                value={user.installRegion ?? ""}
                options={[
                  { value: "", label: details.noRegion },
                  ...regions.map((each) => ({ value: each, label: each })),
                ]}
                shown={user.installRegion ?? details.noRegion}
                mayChange={mayChange}
                hint={details.regionHint}
                onSave={(region) => change({ installRegion: region === "" ? null : region })}
              />,
            ],
      ]}
    />
  );
}
