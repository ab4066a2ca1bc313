/** Add Admin: who, with which role, and a first password. */
import { Button, Group, NativeSelect, Paper, PasswordInput, Stack, TextInput } from "@mantine/core";
import { Link, useLocation } from "wouter";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { FormNotes } from "../../parts/form-notes.tsx";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { useApiForm } from "../../parts/use-api-form.ts";
import { paths } from "../../paths.ts";
import { roleOf, useRoleChoice } from "./use-role-choice.ts";

const { admins: says } = text.people;

export function NewAdminPage() {
  const [, navigate] = useLocation();
  const choice = useRoleChoice();
  const create = useAct("createAdmin");
  const form = useApiForm({
    draft: "admin.new",
    initial: { email: "", name: "", role: "", password: "", again: "" },
    secret: ["password", "again"],
    validate: {
      email: (email) => (email.trim() === "" ? says.emailNeeded : null),
      name: (name) => (name.trim() === "" ? says.nameNeeded : null),
      role: (role) => (role === "" ? says.roleNeeded : null),
      password: (password) => (password === "" ? says.passwordNeeded : null),
      again: (again, { password }) => (again === password ? null : text.session.passwordsDiffer),
    },
  });
  const send = async ({ email, name, role, password }: typeof form.values) => {
    const body = { email: email.trim(), name: name.trim(), password, role: roleOf(role) };
    const made = await create.mutateAsync({ body });
    notify(says.made(made.email));
    navigate(paths.admin(made.id));
  };
  const eye = { "aria-label": text.common.show };
  return (
    <Page title={says.add} above={[[says.list, paths.admins()]]}>
      <Paper withBorder p="md" maw={640}>
        <form onSubmit={form.sending(send)} noValidate>
          <Stack>
            <FormNotes form={form} />
            <TextInput
              label={says.email}
              description={says.emailHint}
              type="email"
              required
              {...form.getInputProps("email")}
            />
            <TextInput label={says.name} required {...form.getInputProps("name")} />
            <NativeSelect
              label={says.role}
              description={says.roleHint}
              required
              data={[{ value: "", label: "", disabled: true }, ...choice]}
              {...form.getInputProps("role")}
            />
            <PasswordInput
              label={says.password}
              description={says.passwordHint}
              autoComplete="new-password"
              required
              visibilityToggleButtonProps={eye}
              {...form.getInputProps("password")}
            />
            <PasswordInput
              label={says.passwordAgain}
              autoComplete="new-password"
              required
              visibilityToggleButtonProps={eye}
              {...form.getInputProps("again")}
            />
            <Group>
              <Button type="submit" loading={form.isSending}>
                {says.add}
              </Button>
              <Button variant="default" component={Link} href={paths.admins()}>
                {text.common.cancel}
              </Button>
            </Group>
          </Stack>
        </form>
      </Paper>
    </Page>
  );
}
