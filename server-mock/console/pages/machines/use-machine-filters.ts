/** What Search / List Machines can be narrowed by, as far as the caller may know of it. */
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { ListFilter } from "../../parts/list-view.tsx";
import type { ListState } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const optionsOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([value, label]) => ({ value, label }));

const FILTER: ListFilter = { key: "filter", label: text.common.filter, options: optionsOf(text.machines.filters) };
const STATUS: ListFilter = { key: "status", label: text.machines.status, options: optionsOf(text.machines.statuses) };
const KIND: ListFilter = { key: "kind", label: text.machines.kind, options: optionsOf(text.machines.kinds) };

/** As many as one answer holds; who has more groups searches. */
const ALL = { limit: 200 };

export function useMachineFilters({ choice }: ListState): readonly ListFilter[] {
  const { isOwner, can } = useSession();
  const { user, organization, kind } = choice;
  const groups = useRead("listGroups", { query: ALL }, { when: !isOwner && can("groups.view") });
  const owner = useRead("getUser", { params: { user: user ?? "" } }, { when: user !== undefined && can("users.view") });
  const organizations = useRead("listOrganizations", { query: ALL }, { when: isOwner });
  const ofGroup = (groups.data?.items ?? []).map(({ id, label }) => ({ value: id, label }));
  const ofOrganization = (organizations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return [
    FILTER,
    STATUS,
    ...(kind === undefined ? [] : [KIND]),
    ...(ofGroup.length > 1 ? [{ key: "group", label: text.machines.columns.group, options: ofGroup }] : []),
    ...(isOwner
      ? [{ key: "organization", label: text.machines.organization, options: named(ofOrganization, organization) }]
      : []),
    // Only by a link from a user: nobody chooses among thousands here.
    ...(user === undefined
      ? []
      : [
          {
            key: "user",
            label: text.machines.user,
            options: [{ value: user, label: owner.data?.email ?? text.common.loading }],
          },
        ]),
  ];
}

/** What is chosen is there to be read, even before all names are. */
const named = (options: ListFilter["options"], chosen: string | undefined): ListFilter["options"] =>
  chosen === undefined || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: text.common.loading }];
