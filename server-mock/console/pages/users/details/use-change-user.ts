import type { UserChange, UserDetails } from "../../../../../protocol/messages/users.ts";
import { useAct } from "../../../api/hooks.ts";

/** One change of a user, of the version that is shown. Fails with an `ApiError`. */
export function useChangeUser(user: UserDetails): (body: UserChange) => Promise<UserDetails> {
  const { mutateAsync } = useAct("changeUser");
  return (body) => mutateAsync({ params: { user: user.id }, body, ifMatch: user.version });
}
