import { Paper } from "@mantine/core";
import { useLocation } from "wouter";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { paths } from "../../paths.ts";
import { NEW_ROLE, RoleForm } from "./role-form.tsx";

const { roles: says } = text.people;

export function NewRolePage() {
  const [, navigate] = useLocation();
  const create = useAct("createRole");
  return (
    <Page title={says.add} above={[[says.list, paths.roles()]]}>
      <Paper withBorder p="md">
        <RoleForm
          draft="role.new"
          initial={NEW_ROLE}
          action={says.add}
          save={async (body) => {
            const { id, name } = await create.mutateAsync({ body });
            notify(says.made(name));
            navigate(paths.role(id));
          }}
        />
      </Paper>
    </Page>
  );
}
