/** One admin: who it is, what it may do. */
import { Alert, Anchor, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "wouter";
import type { AdminView } from "../../../../protocol/messages/roles.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Changeable } from "../../parts/changeable.tsx";
import { ChangeableChoice } from "../../parts/changeable-choice.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { NameText, visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { AdminActs } from "./admin-acts.tsx";
import { AdminState } from "./admin-columns.tsx";
import { EVERYTHING, roleOf, useRoleChoice } from "./use-role-choice.ts";

const { admins: says } = text.people;
const ABOVE = [[says.list, paths.admins()]] as const;

export function AdminPage({ params }: PageProps) {
  const { data, error, refetch } = useRead("getAdmin", { params: { admin: params.id ?? "" } });
  if (data !== undefined) return <Details key={data.id} admin={data} />;
  if (error === null) return <PageSkeleton />;
  return (
    <Page title={says.list} above={ABOVE}>
      <ErrorBox error={error} onRetry={() => void refetch()} />
    </Page>
  );
}

function Details({ admin }: { readonly admin: AdminView }) {
  const { account } = useSession();
  const isOwn = admin.id === account.id;
  return (
    <Page title={visibleText(admin.email)} above={ABOVE} actions={<AdminActs admin={admin} />}>
      {admin.state === "suspended" && <Alert color="orange">{says.suspendedNote}</Alert>}
      {admin.state === "inactive" && <Alert color="gray">{says.inactiveNote}</Alert>}
      <Paper withBorder p="md" maw={760}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {says.details}
          </Title>
          <AdminFacts admin={admin} />
          {isOwn && (
            <Text size="sm" c="dimmed">
              {says.youHint}{" "}
              <Anchor component={Link} href={paths.me()} inherit underline="always">
                {text.shell.items.me}
              </Anchor>
            </Text>
          )}
        </Stack>
      </Paper>
    </Page>
  );
}

function AdminFacts({ admin }: { readonly admin: AdminView }) {
  const { id, email, name, role, state, hasSecondFactor, createdAt, version } = admin;
  const { can } = useSession();
  const choice = useRoleChoice();
  const change = useAct("changeAdmin");
  const mayChange = can("roles.edit");
  const save = (body: { readonly name?: string; readonly role?: string | null }) =>
    change.mutateAsync({ params: { admin: id }, body, ifMatch: version });
  const current = role?.id ?? EVERYTHING;
  const isListed = choice.some(({ value }) => value === current);
  return (
    <Facts
      rows={[
        [says.columns.email, <NameText key="email" value={email} />],
        [
          says.name,
          <Changeable
            key="name"
            label={says.name}
            value={name}
            shown={<NameText value={name} />}
            mayChange={mayChange}
            onSave={(value) => save({ name: value })}
          />,
        ],
        [
          says.role,
          <ChangeableChoice
            key="role"
            label={says.role}
            value={current}
            options={isListed ? choice : [{ value: current, label: role?.name ?? says.everything }, ...choice]}
            shown={
              role === null ? (
                says.everything
              ) : (
                <Anchor component={Link} href={paths.role(role.id)} inherit>
                  <NameText value={role.name} />
                </Anchor>
              )
            }
            mayChange={mayChange && choice.length > 0}
            onSave={(value) => save({ role: roleOf(value) })}
          />,
        ],
        [says.columns.state, <AdminState key="state" state={state} />],
        [says.columns.factor, hasSecondFactor ? says.on : says.off],
        [says.columns.created, <RelativeTime key="created" at={createdAt} />],
      ]}
    />
  );
}
