/** An organization, its room, and the admin who will look after it. */
import {
  Button,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useLocation } from "wouter";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { fromGigabytes } from "../../parts/gigabytes.ts";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { EDITIONS, type Edition } from "./organization-values.ts";

const { organizations: says } = text.service;

export function NewOrganizationPage() {
  const [, navigate] = useLocation();
  const create = useAct("createOrganization");
  const form = useApiForm({ draft: "organization", initial: EMPTY, secret: ["adminPassword"], fields: FIELDS });
  const { edition } = form.values;
  return (
    <Page title={says.add} above={[[says.list, paths.organizations()]]}>
      <form
        noValidate
        onSubmit={form.sending(async (values) => {
          const { id, name } = await create.mutateAsync({ body: bodyOf(values) });
          notify(says.created(name));
          navigate(paths.organizationOf(id));
        })}
      >
        <Stack maw={640}>
          <FormNotes form={form} />
          <TextInput label={says.name} required {...form.getInputProps("name")} />
          <NativeSelect
            label={says.edition}
            description={says.editionHints[edition]}
            data={EDITION_OPTIONS}
            {...form.getInputProps("edition")}
          />
          <TextInput label={says.subdomain} description={says.subdomainHint} {...form.getInputProps("subdomain")} />
          <Fieldset legend={says.columns.storage}>
            <SimpleGrid cols={{ base: 1, xs: 2 }}>
              <NumberInput
                label={says.limit}
                description={says.blank}
                inputWrapperOrder={HINT_BELOW}
                allowNegative={false}
                {...form.getInputProps("limit")}
              />
              <NumberInput
                label={says.overage}
                description={says.overageHint}
                inputWrapperOrder={HINT_BELOW}
                allowNegative={false}
                {...form.getInputProps("overage")}
              />
            </SimpleGrid>
          </Fieldset>
          <Fieldset legend={says.firstAdmin}>
            <Stack>
              <TextInput
                label={says.adminEmail}
                description={says.adminEmailHint}
                type="email"
                required
                {...form.getInputProps("adminEmail")}
              />
              <TextInput label={says.adminName} required {...form.getInputProps("adminName")} />
              <PasswordInput
                label={says.adminPassword}
                required
                autoComplete="new-password"
                visibilityToggleButtonProps={{ "aria-label": text.common.show }}
                {...form.getInputProps("adminPassword")}
              />
            </Stack>
          </Fieldset>
          <Group>
            <Button type="submit" loading={form.isSending}>
              {says.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

type Values = {
  readonly name: string;
  readonly edition: Edition;
  readonly subdomain: string;
  readonly limit: number | "";
  readonly overage: number | "";
  readonly adminEmail: string;
  readonly adminName: string;
  readonly adminPassword: string;
};

const EMPTY: Values = {
  name: "",
  edition: "pro",
  subdomain: "",
  limit: "",
  overage: 0,
  adminEmail: "",
  adminName: "",
  adminPassword: "",
};

/** The API's names → the form's. */
const FIELDS = {
  limitBytes: "limit",
  overageBytes: "overage",
  email: "adminEmail",
  "admin.email": "adminEmail",
  "admin.name": "adminName",
  "admin.password": "adminPassword",
};

/** Fields beside each other stand in line, however long their hints are. */
const HINT_BELOW: ("label" | "input" | "description" | "error")[] = ["label", "input", "description", "error"];

const EDITION_OPTIONS = EDITIONS.map((value) => ({ value, label: says.editions[value] }));

const bodyOf = (values: Values) => ({
  name: values.name,
  edition: values.edition,
  subdomain: values.subdomain.trim() === "" ? null : values.subdomain.trim(),
  limitBytes: fromGigabytes(values.limit),
  overageBytes: fromGigabytes(values.overage),
  admin: { email: values.adminEmail.trim(), name: values.adminName, password: values.adminPassword },
});
