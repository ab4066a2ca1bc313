/** One account: its fields, changed against the version that was seen. */
import { Alert, Anchor, Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { AccountDetails } from "../../../../protocol/messages/account-form.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { FormNotes } from "../../parts/form-notes.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { AccountFields } from "./account-fields.tsx";
import { changeOf, FIELDS, problemsOf, valuesOf } from "./account-values.ts";
import { SHOWN_FIELDS } from "./shown-fields.ts";

const words = text.accounts;

export function AccountPage({ params }: PageProps) {
  const { data: account, error, refetch } = useRead("getAccountForm", { params: { account: params.id ?? "" } });
  if (account !== undefined) return <AccountPanel key={account.id} account={account} />;
  if (error === null) return <PageSkeleton />;
  return (
    <Page title={words.one} above={[[words.title, paths.accounts()]]}>
      <ErrorBox error={error} onRetry={() => void refetch()} />
    </Page>
  );
}

function AccountPanel({ account }: { readonly account: AccountDetails }) {
  const { can, isOwner } = useSession();
  const seen = useSeenVersion(account);
  const [before, setBefore] = useState(() => valuesOf(account));
  const { mutateAsync } = useAct("changeAccount");
  const form = useApiForm({
    draft: `accounts.${account.id}`,
    initial: before,
    fields: FIELDS,
    validate: problemsOf,
  });
  const login = visibleText(account.login);
  const organization = isOwner ? account.organization : undefined;
  return (
    <Page
      title={login}
      above={[[words.title, paths.accounts({ organization })]]}
      actions={<AccountActs account={account} />}
    >
      {account.state === "inactive" && <Alert color="gray">{words.inactive}</Alert>}
      {account.state === "suspended" && <Alert color="orange">{words.suspended}</Alert>}
      {!account.administrator && (
        <Anchor component={Link} href={paths.user(account.id)} size="sm">
          {words.openUser}
        </Anchor>
      )}
      <form
        noValidate
        onSubmit={form.sending(async (values) => {
          const changed = await seen.guard((version) =>
            mutateAsync({
              params: { account: account.id },
              body: changeOf(before, values),
              ifMatch: version,
            }),
          );
          setBefore(valuesOf(changed));
          notify(words.saved(visibleText(changed.login)));
        })}
      >
        <Stack gap="md">
          <FormNotes form={form} />
          <Theirs seen={seen} current={account} fields={SHOWN_FIELDS} />
          <AccountFields form={form} account={account} limits={account.allowed.limitBytes} />
          {can("users.edit") && (
            <Group>
              <Button type="submit" loading={form.isSending}>
                {text.common.save}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Page>
  );
}

function AccountActs({ account }: { readonly account: AccountDetails }) {
  const { can } = useSession();
  const confirm = useConfirm();
  const change = useAct("changeAccount");
  const { id, state } = account;
  const login = visibleText(account.login);
  if (!can("users.edit")) return null;
  // Meant whatever else was changed meanwhile.
  const setState = (wanted: "active" | "suspended") =>
    change.mutate({ params: { account: id }, body: { state: wanted } }, { onError: notifyError });
  const suspend = async () => {
    const question = { title: words.suspendTitle(login), body: words.suspendBody, action: words.suspend };
    if (await confirm(question)) setState("suspended");
  };
  return state === "suspended" ? (
    <Button variant="default" onClick={() => setState("active")}>
      {words.activate}
    </Button>
  ) : (
    <Button variant="default" onClick={() => void suspend()}>
      {words.suspend}
    </Button>
  );
}
