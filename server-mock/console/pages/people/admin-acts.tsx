/** What can be done with an admin, upper right. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import type { AdminView } from "../../../../protocol/messages/roles.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { type Question, useConfirm } from "../../parts/confirm.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { AdminPassword } from "./admin-password.tsx";

const { admins: says } = text.people;

export function AdminActs({ admin }: { readonly admin: AdminView }) {
  const { account, can } = useSession();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const [isPasswordOpen, setIsPasswordOpen] = useState(false);
  const change = useAct("changeAdmin");
  const removeFactor = useAct("removeAdminSecondFactor");
  const remove = useAct("deleteAdmin", { rereads: false });
  const email = visibleText(admin.email);
  const params = { admin: admin.id };
  const run = async (work: () => Promise<unknown>, question?: Question) => {
    if (question !== undefined && !(await confirm(question))) return;
    await work().catch(notifyError);
  };
  // Meant whatever else was changed meanwhile.
  const setState = async (state: "active" | "suspended", done: string) => {
    await change.mutateAsync({ params, body: { state } });
    notify(done);
  };
  const suspend = () =>
    run(() => setState("suspended", says.suspended(email)), {
      title: says.suspendTitle(email),
      body: says.suspendBody,
      action: says.suspend,
    });
  const takeFactor = () =>
    run(
      async () => {
        await removeFactor.mutateAsync({ params });
        notify(says.factorRemoved);
      },
      { title: says.removeFactorTitle(email), body: says.removeFactorBody, action: says.removeFactor },
    );
  const askAndDelete = () =>
    run(
      async () => {
        await remove.mutateAsync({ params });
        notify(says.deleted(email));
        navigate(paths.admins());
      },
      { title: says.deleteTitle(email), body: says.deleteBody, action: says.delete, isDangerous: true },
    );
  const isOther = admin.id !== account.id;
  const mayEdit = can("roles.edit") && isOther;
  return (
    <>
      {mayEdit && <Button onClick={() => setIsPasswordOpen(true)}>{says.changePassword}</Button>}
      {mayEdit && admin.hasSecondFactor && (
        <Button variant="default" onClick={() => void takeFactor()}>
          {says.removeFactor}
        </Button>
      )}
      {mayEdit && admin.state === "suspended" && (
        <Button variant="default" onClick={() => void run(() => setState("active", says.activated(email)))}>
          {says.activate}
        </Button>
      )}
      {mayEdit && admin.state === "active" && (
        <Button variant="default" onClick={() => void suspend()}>
          {says.suspend}
        </Button>
      )}
      {can("roles.delete") && isOther && (
        <Button variant="default" onClick={() => void askAndDelete()}>
          {says.delete}
        </Button>
      )}
      {isPasswordOpen && <AdminPassword admin={admin} onClose={() => setIsPasswordOpen(false)} />}
    </>
  );
}
