/** One role: changed here, and who has it. */
import { Alert, Anchor, Button, List, Paper, Stack, Text, Title } from "@mantine/core";
import { Link, useLocation } from "wouter";
import type { RoleView } from "../../../../protocol/messages/roles.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { capabilitiesText } from "../../parts/capability-table.tsx";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { Theirs, useSeenVersion } from "../../parts/seen-version.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { RoleForm } from "./role-form.tsx";

const { roles: says } = text.people;
const ABOVE = [[says.list, paths.roles()]] as const;
const ADMINS_MAX = 200;

export function RolePage({ params }: PageProps) {
  const { data, error, refetch } = useRead("getRole", { params: { role: params.id ?? "" } });
  if (data !== undefined) return <Details key={data.id} role={data} />;
  if (error === null) return <PageSkeleton />;
  return (
    <Page title={says.list} above={ABOVE}>
      <ErrorBox error={error} onRetry={() => void refetch()} />
    </Page>
  );
}

function Details({ role }: { readonly role: RoleView }) {
  const { can } = useSession();
  const change = useAct("changeRole");
  const seen = useSeenVersion(role);
  const isBeyond = role.capabilities.some((each) => !can(each));
  const missing = role.capabilities.filter((each) => !role.effective.capabilities.includes(each));
  const lacksGroups = JSON.stringify(role.groups) !== JSON.stringify(role.effective.groups);
  const lost = [
    ...(missing.length > 0 ? [capabilitiesText(missing)] : []),
    ...(lacksGroups ? [says.narrowerGroups] : []),
  ];
  const name = visibleText(role.name);
  return (
    <Page title={name} above={ABOVE} actions={can("roles.delete") && !isBeyond && <DeleteRole role={role} />}>
      {lost.length > 0 && <Alert color="orange">{says.narrower(lost.join("; "))}</Alert>}
      {isBeyond && <Alert color="gray">{says.beyond}</Alert>}
      <Paper withBorder p="md">
        <RoleForm
          draft={`role.${role.id}`}
          initial={{
            name: role.name,
            scope: role.groups === null ? "all" : "chosen",
            groups: role.groups ?? [],
            capabilities: role.capabilities,
          }}
          action={text.common.save}
          isReadOnly={!can("roles.edit") || isBeyond}
          also={role.capabilities}
          notes={
            <Theirs
              seen={seen}
              current={role}
              fields={[
                [says.name, (of) => of.name],
                [says.scope, ({ groups }) => (groups === null ? says.all : says.groups(groups.length))],
                [says.rightsTitle, (of) => capabilitiesText(of.capabilities)],
              ]}
            />
          }
          save={async (body) => {
            await seen.guard((ifMatch) => change.mutateAsync({ params: { role: role.id }, body, ifMatch }));
            notify(says.saved(visibleText(body.name)));
          }}
        />
      </Paper>
      <AdminsWith role={role} />
    </Page>
  );
}

function AdminsWith({ role }: { readonly role: RoleView }) {
  const { data } = useRead("listAdmins", { query: { limit: ADMINS_MAX } });
  const admins = (data?.items ?? []).filter((admin) => admin.role?.id === role.id);
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {says.adminsWith}
      </Title>
      {role.admins === 0 && <Text size="sm">{says.noAdmins}</Text>}
      <List size="sm">
        {admins.map(({ id, email }) => (
          <List.Item key={id}>
            <Anchor component={Link} href={paths.admin(id)} inherit>
              <NameText value={email} />
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function DeleteRole({ role }: { readonly role: RoleView }) {
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const name = visibleText(role.name);
  const remove = useAct("deleteRole", {
    rereads: false,
    onDone: () => {
      notify(says.deleted(name));
      navigate(paths.roles());
    },
  });
  const ask = async () => {
    if (role.admins > 0) return notifyError(new Error(says.inUse(role.admins)));
    const question = { title: says.deleteTitle(name), body: says.deleteBody, action: says.delete, isDangerous: true };
    if (await confirm(question)) remove.mutate({ params: { role: role.id } }, { onError: notifyError });
  };
  return (
    <Button variant="default" loading={remove.isPending} onClick={() => void ask()}>
      {says.delete}
    </Button>
  );
}
