/** Why a user can't do what users do, at the top of its panel. */
import { Alert } from "@mantine/core";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { shortDate } from "../../../parts/relative-time.tsx";

const { details } = text.users;

export function StateNotice({ user }: { readonly user: UserDetails }) {
  const said = noticeOf(user);
  return said === undefined ? null : (
    <Alert color={user.state === "inactive" ? "gray" : "orange"} role="status">
      {said}
    </Alert>
  );
}

function noticeOf({ state, undeletableUntil, mustActivate, lastBackupAt, machines }: UserDetails): string | undefined {
  switch (state) {
    case "deleted":
      return details.deletedUntil(undeletableUntil === null ? "–" : shortDate(undeletableUntil));
    case "suspended":
      return details.suspended;
    case "canceled":
      return details.canceled;
    case "inactive":
      return machines > 0 || lastBackupAt !== null ? details.reactivating : details.inactive;
    case "active":
      return mustActivate ? details.inactive : undefined;
  }
}
