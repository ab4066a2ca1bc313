/** The organization of a user, as far as the caller may see it: whether there is a subdomain, what regions there are. */
import type { OrganizationView } from "../../../../../protocol/messages/organizations.ts";
import { useRead } from "../../../api/hooks.ts";
import { useSession } from "../../../session/session.tsx";

/** `group`: the user's. undefined: not known (yet), or not for this caller. */
export function useUserOrganization(group: string | undefined): OrganizationView | undefined {
  const { isOwner, can } = useSession();
  const own = useRead("ownOrganization", {}, { when: !isOwner && can("organization.view") });
  const above = useRead("getGroup", { params: { group: group ?? "" } }, { when: isOwner && group !== undefined });
  const { organization } = above.data ?? {};
  const other = useRead(
    "getOrganization",
    { params: { organization: organization ?? "" } },
    // What was read for another page is there even when it isn't asked for.
    { when: isOwner && organization !== undefined },
  );
  return own.data ?? other.data;
}
