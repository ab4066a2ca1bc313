/** What can be done with a user, upper right. */
import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { text } from "../../../messages/messages.ts";
import { useSession } from "../../../session/session.tsx";
import { EmailDialog } from "./email-dialog.tsx";
import { PasswordDialog } from "./password-dialog.tsx";
import { useUserActs } from "./use-user-acts.ts";
import { useUserOrganization } from "./use-user-organization.ts";

const { acts: words } = text.users;

export function UserActions({ user }: { readonly user: UserDetails }) {
  const { can } = useSession();
  const [dialog, setDialog] = useState<"password" | "email">();
  const organization = useUserOrganization(user.group.id);
  const acts = useUserActs(user);
  const { state, mustActivate } = user;
  if (state === "deleted")
    return can("users.delete") ? (
      <>
        <Button onClick={acts.undelete}>{words.undelete}</Button>
        <Button variant="outline" color="red.9" onClick={acts.purge}>
          {words.purge}
        </Button>
      </>
    ) : null;
  const hasSubdomain = organization !== undefined && organization.subdomain !== null;
  const mayEdit = can("users.edit");
  const isStopped = state === "suspended" || state === "canceled";
  return (
    <>
      {mayEdit && <Button onClick={() => setDialog("password")}>{words.password}</Button>}
      {can("users.act-as") && hasSubdomain && state === "active" && (
        <Button variant="default" onClick={acts.actAs}>
          {words.actAs}
        </Button>
      )}
      {(mayEdit || can("users.delete")) && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default">{text.common.more}</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {mayEdit && (
              <>
                <Menu.Item onClick={() => setDialog("email")}>{words.email}</Menu.Item>
                {mustActivate ? (
                  <Menu.Item onClick={acts.sendActivation}>{words.sendActivation}</Menu.Item>
                ) : (
                  <Menu.Item onClick={acts.reactivate}>{words.reactivate}</Menu.Item>
                )}
                <Menu.Item onClick={acts.expire}>{words.expire}</Menu.Item>
                {user.hasSecondFactor && <Menu.Item onClick={acts.removeFactor}>{words.removeFactor}</Menu.Item>}
                <Menu.Divider />
                {isStopped ? (
                  <Menu.Item onClick={acts.activate}>{words.activate}</Menu.Item>
                ) : (
                  <Menu.Item onClick={acts.suspend}>{words.suspend}</Menu.Item>
                )}
              </>
            )}
            {can("users.delete") && (
              <Menu.Item c="var(--mantine-color-error)" onClick={acts.remove}>
                {words.delete}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === "password" && (
        <PasswordDialog user={user} hasSubdomain={hasSubdomain} onClose={() => setDialog(undefined)} />
      )}
      {dialog === "email" && <EmailDialog user={user} onClose={() => setDialog(undefined)} />}
    </>
  );
}
