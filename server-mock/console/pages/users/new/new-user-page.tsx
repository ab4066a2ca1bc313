/** Add New User, in its three steps. Whoever could not be created stays in the form, with the reason. */
import { Alert, Anchor, List, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import type { UsersCreated } from "../../../../../protocol/messages/users.ts";
import { useAct, useRead } from "../../../api/hooks.ts";
import { text } from "../../../messages/messages.ts";
import { ErrorBox } from "../../../parts/error-box.tsx";
import { FormNotes } from "../../../parts/form-notes.tsx";
import { NameText } from "../../../parts/name-text.tsx";
import { Page } from "../../../parts/page.tsx";
import { useApiForm } from "../../../parts/use-api-form.ts";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../session/session.tsx";
import { ChooseGroup } from "./choose-group.tsx";
import { DefineProfile } from "./define-profile.tsx";
import { EnterUsers } from "./enter-users.tsx";
import { afterSending, EMPTY, FIELDS, problemsOf, requestOf } from "./new-users.ts";

const words = text.users.new;
const DRAFT = "users.new";

export function NewUserPage() {
  const { can } = useSession();
  const mayList = can("groups.view");
  const organization = useRead("ownOrganization", {}, { when: can("organization.view") }).data;
  const groups = useRead("listGroups", { query: { limit: 500 } }, { when: mayList });
  const listed = groups.data?.items ?? [];
  /** Of one nobody has to choose. */
  const only = (listed.length === 1 && listed[0]?.id) || "";
  const form = useApiForm({
    draft: DRAFT,
    initial: EMPTY,
    fields: FIELDS,
    validate: (values) => problemsOf({ ...values, group: values.group || only }, { needsGroup: mayList }),
  });
  const group = form.values.group || only;
  const chosen = useRead("getGroup", { params: { group } }, { when: mayList && group !== "" }).data;
  const create = useAct("createUsers");
  const [answer, setAnswer] = useState<UsersCreated>();
  const settings = organization?.settings;
  return (
    <Page title={text.users.add} above={can("users.view") ? [[text.users.list, paths.users()]] : []}>
      <form
        noValidate
        onSubmit={form.sending(async (values) => {
          const made = await create.mutateAsync({ body: requestOf({ ...values, group: values.group || only }) });
          setAnswer(made);
          const { rows, errors } = afterSending(values, made);
          form.setFieldValue("rows", [...rows]);
          form.setErrors(errors);
        })}
      >
        <Stack gap="md">
          {answer && <Outcome answer={answer} />}
          <FormNotes form={form} />
          {groups.error && <ErrorBox error={groups.error} onRetry={() => void groups.refetch()} />}
          <ChooseGroup
            form={form}
            group={group}
            groups={listed}
            chosen={chosen}
            isSeparate={settings?.separatePools ?? false}
            hasGroups={settings?.userGroups ?? true}
          />
          <DefineProfile
            form={form}
            group={chosen}
            regions={settings?.installRegions ?? []}
            hasSync={chosen?.settings.sync ?? settings?.sync ?? false}
          />
          <EnterUsers form={form} />
        </Stack>
      </form>
    </Page>
  );
}

function Outcome({ answer: { created, failed, rows } }: { readonly answer: UsersCreated }) {
  return (
    <>
      {created > 0 && (
        <Alert color="teal" role="status" title={words.created(created)}>
          <List size="sm">
            {rows.flatMap(({ user }) =>
              user === null
                ? []
                : [
                    <List.Item key={user.id}>
                      <Anchor component={Link} href={paths.user(user.id)} size="sm">
                        <NameText value={user.email} />
                      </Anchor>
                    </List.Item>,
                  ],
            )}
          </List>
          <Anchor component={Link} href={paths.install()} size="sm">
            {text.install.guide}
          </Anchor>
        </Alert>
      )}
      {failed > 0 && (
        <Alert color="red" role="alert">
          <Text size="sm">{words.failed(failed)}</Text>
        </Alert>
      )}
    </>
  );
}
