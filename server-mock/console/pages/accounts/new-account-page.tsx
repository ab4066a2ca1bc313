/** Add account: the organization and its group first, then the log-in, its quotas, what it is told. */
import { Button, Group, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { AccountFields } from "./account-fields.tsx";
import { EMPTY, FIELDS, problemsOf, requestOf } from "./account-values.ts";

const words = text.accounts;

export function NewAccountPage() {
  const { isOwner, can } = useSession();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get("organization") ?? "";
  const [organization, setOrganization] = useState(asked);
  const form = useApiForm({
    draft: "accounts.new",
    initial: { ...EMPTY, group: "" },
    fields: FIELDS,
    validate: problemsOf,
  });
  const organizations = useRead("listOrganizations", { query: { limit: 500 } }, { when: isOwner });
  const groups = useRead(
    "listGroups",
    { query: { limit: 500, ...(organization === "" ? {} : { organization }) } },
    { when: can("groups.view") && (!isOwner || organization !== "") },
  );
  const { mutateAsync } = useAct("createAccount");
  const { group } = form.values;
  const listed = groups.data?.items ?? [];
  const usual = listed.find(({ isDefault }) => isDefault)?.id ?? "";
  const inGroup = group === "" ? usual : group;
  const { data: chosen } = useRead("getGroup", { params: { group: inGroup } }, { when: inGroup !== "" });
  return (
    <Page title={words.add} above={[[words.title, paths.accounts({ organization: asked || undefined })]]}>
      <form
        noValidate
        onSubmit={form.sending(async ({ group: wanted, ...values }) => {
          const made = await mutateAsync({
            body: {
              ...requestOf(values),
              ...(wanted === "" ? {} : { group: wanted }),
              ...(organization === "" ? {} : { organization }),
            },
          });
          notify(words.made(visibleText(made.login)));
          navigate(paths.accounts({ organization: organization || undefined }));
        })}
      >
        <Stack gap="md">
          <FormNotes form={form} />
          <AccountFields form={form} limits={chosen?.allowed.newUser.limitBytes.desktop}>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              {isOwner && (
                <NativeSelect
                  label={words.organization}
                  value={organization}
                  data={[
                    { value: "", label: words.chooseOrganization },
                    ...(organizations.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                  onChange={(event) => {
                    setOrganization(event.currentTarget.value);
                    form.setFieldValue("group", "");
                  }}
                />
              )}
              <NativeSelect
                label={words.columns.group}
                data={listed.map(({ id, label }) => ({ value: id, label }))}
                {...form.getInputProps("group")}
                value={inGroup}
              />
            </SimpleGrid>
          </AccountFields>
          <Group>
            <Button type="submit" loading={form.isSending} disabled={isOwner && organization === ""}>
              {words.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}
