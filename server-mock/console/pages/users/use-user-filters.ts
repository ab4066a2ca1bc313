/** What Search / List Users can be narrowed by, as far as the caller may know of it. */
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import type { ListFilter } from "../../parts/list-view.tsx";
import type { ListState } from "../../parts/use-list.ts";
import { useSession } from "../../session/session.tsx";

const { columns, filters } = text.users;

const FILTER: ListFilter = {
  key: "filter",
  label: text.common.filter,
  options: Object.entries(filters).map(([value, label]) => ({ value, label })),
};

/** As many as one answer holds; who has more groups searches. */
const ALL = { limit: 500 };

export function useUserFilters({ choice }: ListState): readonly ListFilter[] {
  const { isOwner, can } = useSession();
  const groups = useRead("listGroups", { query: ALL }, { when: !isOwner && can("groups.view") });
  const organizations = useRead("listOrganizations", { query: ALL }, { when: isOwner });
  const ofGroup = (groups.data?.items ?? []).map(({ id, label }) => ({ value: id, label }));
  const ofOrganization = (organizations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return [
    FILTER,
    ...(ofGroup.length > 1 ? [{ key: "group", label: columns.group, options: named(ofGroup, choice.group) }] : []),
    ...(isOwner
      ? [{ key: "organization", label: columns.organization, options: named(ofOrganization, choice.organization) }]
      : []),
  ];
}

/** What is chosen is there to be read, even before all names are. */
const named = (options: ListFilter["options"], chosen: string | undefined): ListFilter["options"] =>
  chosen === undefined || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: text.common.loading }];
