/** A user group: what it is, what it has, who is in it. */
import { Button, SimpleGrid } from "@mantine/core";
import { useLocation } from "wouter";
import type { GroupDetails } from "../../../../protocol/messages/groups.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { GroupFacts } from "./group-facts.tsx";
import { GroupRoom } from "./group-room.tsx";

export function GroupPage({ params }: PageProps) {
  const { data: group, error, refetch } = useRead("getGroup", { params: { group: params.id ?? "" } });
  const above = [[text.groups.list, paths.groups()]] as const;
  if (error && group === undefined)
    return (
      <Page title={text.groups.list} above={above}>
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (group === undefined) return <PageSkeleton />;
  return (
    <Page
      title={`${visibleText(group.name)}${group.isDefault ? " *" : ""}`}
      above={above}
      actions={<GroupActs group={group} />}
    >
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <GroupFacts group={group} />
        <GroupRoom group={group} />
      </SimpleGrid>
    </Page>
  );
}

function GroupActs({ group }: { readonly group: GroupDetails }) {
  const { id, isDefault, users } = group;
  const name = visibleText(group.name);
  const { can } = useSession();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const change = useAct("changeGroup", { onDone: () => notify(text.groups.madeDefault(name)) });
  const remove = useAct("deleteGroup", {
    rereads: false,
    onDone: () => {
      notify(text.groups.deleted(name));
      navigate(paths.groups());
    },
  });
  const makeDefault = async () => {
    const question = { title: text.groups.makeDefaultTitle(name), body: text.groups.makeDefaultBody };
    // Meant whatever else was changed meanwhile.
    if (await confirm({ ...question, action: text.groups.makeDefault }))
      change.mutate({ params: { group: id }, body: { isDefault: true } }, { onError: notifyError });
  };
  const askAndRemove = async () => {
    if (isDefault || users > 0) {
      notifyError(new Error(isDefault ? text.groups.mayNotDeleteDefault : text.groups.mayNotDeleteFull(users)));
      return;
    }
    const question = { title: text.groups.deleteTitle(name), body: text.groups.deleteBody, isDangerous: true };
    if (await confirm({ ...question, action: text.groups.delete }))
      remove.mutate({ params: { group: id } }, { onError: notifyError });
  };
  return (
    <>
      {can("groups.edit") && !isDefault && (
        <Button variant="default" onClick={() => void makeDefault()}>
          {text.groups.makeDefault}
        </Button>
      )}
      {can("groups.delete") && (
        <Button variant="default" onClick={() => void askAndRemove()}>
          {text.groups.delete}
        </Button>
      )}
    </>
  );
}
