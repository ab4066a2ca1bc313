/** Acts on a user: each asks first, does it, and says that it is done; a deletion can be taken back. */
import { useLocation } from "wouter";
import { formatBytes } from "../../../../../base/format-bytes.ts";
import type { UserDetails } from "../../../../../protocol/messages/users.ts";
import { useAct } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { type Question, useConfirm } from "../../../parts/confirm.tsx";
import { visibleText } from "../../../parts/name-text.tsx";
import { notify, notifyError } from "../../../parts/notify.tsx";
import { paths } from "../../../paths.ts";
import { beginActing } from "../../../session/acting.ts";

const { acts: words } = text.users;

export interface UserActs {
  actAs(): void;
  suspend(): void;
  activate(): void;
  reactivate(): void;
  expire(): void;
  sendActivation(): void;
  removeFactor(): void;
  remove(): void;
  undelete(): void;
  purge(): void;
}

export function useUserActs(user: UserDetails): UserActs {
  const [, navigate] = useLocation();
  const confirm = useConfirm();
  const change = useAct("changeUser");
  const actAs = useAct("actAs", { rereads: false });
  const reactivate = useAct("allowReactivation");
  const expire = useAct("expireMobileAccess");
  const sendActivation = useAct("sendActivation");
  const removeFactor = useAct("removeUserSecondFactor");
  const remove = useAct("deleteUser");
  const undelete = useAct("undeleteUser");
  const purge = useAct("purgeUser", { rereads: false });
  const email = visibleText(user.email);
  const params = { user: user.id };
  const run = async (work: () => Promise<unknown>, question?: Question) => {
    if (question !== undefined && !(await confirm(question))) return;
    await work().catch(notifyError);
  };
  // Meant whatever else was changed meanwhile.
  const setState = (state: "active" | "suspended") => change.mutateAsync({ params, body: { state } });
  const bringBack = async () => {
    await undelete.mutateAsync({ params });
    notify(words.undeleted(email));
  };
  return {
    actAs: () =>
      void run(
        async () => {
          const { token } = await actAs.mutateAsync({ params });
          beginActing(token);
          location.assign(paths.overview());
        },
        { title: words.actAsTitle(email), body: words.actAsBody, action: words.actAs },
      ),
    suspend: () =>
      void run(
        async () => {
          await setState("suspended");
          notify(words.suspended(email));
        },
        { title: words.suspendTitle(email), body: words.suspendBody, action: words.suspend },
      ),
    activate: () =>
      void run(async () => {
        await setState("active");
        notify(words.activated(email));
      }),
    reactivate: () =>
      void run(
        async () => {
          await reactivate.mutateAsync({ params, body: { sendMail: true } });
          notify(words.reactivated(email));
        },
        { title: words.reactivateTitle(email), body: words.reactivateBody, action: words.reactivate },
      ),
    expire: () =>
      void run(
        async () => {
          await expire.mutateAsync({ params });
          notify(words.expired(email));
        },
        { title: words.expireTitle(email), body: words.expireBody, action: words.expire },
      ),
    sendActivation: () =>
      void run(async () => {
        await sendActivation.mutateAsync({ params });
        notify(words.activationSent(email));
      }),
    removeFactor: () =>
      void run(
        async () => {
          await removeFactor.mutateAsync({ params });
          notify(words.factorRemoved(email));
        },
        { title: words.removeFactorTitle(email), body: words.removeFactorBody, action: words.removeFactor },
      ),
    remove: () =>
      void run(
        async () => {
          await remove.mutateAsync({ params });
          notify(words.deleted(email), { undo: () => void bringBack().catch(notifyError) });
        },
        {
          title: words.deleteTitle(email),
          body: words.deleteBody(user.machines, formatBytes(user.usedBytes)),
          action: words.delete,
          isDangerous: true,
        },
      ),
    undelete: () => void run(bringBack),
    purge: () =>
      void run(
        async () => {
          await purge.mutateAsync({ params, body: { confirm: user.email } });
          notify(words.purged(email));
          navigate(paths.users());
        },
        {
          title: words.purgeTitle(email),
          body: words.purgeBody,
          action: words.purge,
          isDangerous: true,
          typed: user.email,
        },
      ),
  };
}
