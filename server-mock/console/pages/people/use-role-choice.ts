/** The roles that can be given: none that goes beyond who gives it. */
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { visibleText } from "../../parts/name-text.tsx";
import { useSession } from "../../session/session.tsx";

const ROLES_MAX = 200;

/** Of all rights; ids are never empty. */
export const EVERYTHING = "everything";

export function useRoleChoice(): readonly { readonly value: string; readonly label: string }[] {
  const { account, can } = useSession();
  const roles = useRead("listRoles", { query: { limit: ROLES_MAX } });
  const self = useRead("getAdmin", { params: { admin: account.id } });
  const given = (roles.data?.items ?? []).filter(({ capabilities }) => capabilities.every((each) => can(each)));
  return [
    ...(self.data?.role === null ? [{ value: EVERYTHING, label: text.people.admins.everything }] : []),
    ...given.map(({ id, name }) => ({ value: id, label: visibleText(name) })),
  ];
}

/** As the API takes it. */
export const roleOf = (choice: string): string | null => (choice === EVERYTHING ? null : choice);
