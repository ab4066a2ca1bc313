/** One organization, for a top-level admin: what it is, what it has, its end. */
import { Alert, Anchor, Box, Button, Group, Stack, Title } from "@mantine/core";
import { Link, useLocation } from "wouter";
import type { OrganizationDetails } from "../../../../protocol/messages/organizations.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { notify, notifyError } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import type { PageProps } from "../page-row.ts";
import { OrganizationForm } from "./organization-form.tsx";
import { limitedKinds } from "./organization-values.ts";

const { organizations: says } = text.service;

export function OrganizationPage({ params }: PageProps) {
  const { data, error, refetch } = useRead("getOrganization", { params: { organization: params.id ?? "" } });
  if (data === undefined) return error ? <ErrorBox error={error} onRetry={() => void refetch()} /> : <PageSkeleton />;
  return <Details key={data.id} organization={data} />;
}

function Details({ organization }: { readonly organization: OrganizationDetails }) {
  const { can } = useSession();
  const { id, name, state, createdAt, logInUrl, edition, pools, settings } = organization;
  return (
    <Page
      title={visibleText(name)}
      above={[[says.list, paths.organizations()]]}
      actions={<Acts organization={organization} />}
    >
      {state === "suspended" && <Alert color="orange">{says.suspendedNote}</Alert>}
      <Facts
        rows={[
          [says.id, id],
          [
            says.columns.state,
            <StateBadge key="state" color={state === "active" ? "teal" : "orange"}>
              {says.states[state]}
            </StateBadge>,
          ],
          [says.edition, says.editions[edition]],
          [says.columns.created, <RelativeTime key="created" at={createdAt} />],
          [says.logInUrl, logInUrl ?? text.common.notAvailable],
          ...limitedKinds(settings).map((kind) => {
            const pool = pools.find((each) => each.kind === kind);
            const bar = pool && (
              <Box key={kind} maw={BAR_WIDTH}>
                <UsageBar label={says.kinds[kind]} used={pool.usedBytes} limit={pool.limitBytes} />
              </Box>
            );
            return [says.kinds[kind], bar] as const;
          }),
          [says.look, <Lists key="lists" organization={id} />],
        ]}
      />
      {can("organizations.edit") && (
        <Stack gap="sm">
          <Title order={2} size="h4">
            {says.settings}
          </Title>
          <OrganizationForm organization={organization} />
        </Stack>
      )}
    </Page>
  );
}

const BAR_WIDTH = 360;

/** The lists of all organizations, narrowed to this one. */
function Lists({ organization }: { readonly organization: string }) {
  const links = [
    [says.users, paths.users({ organization })],
    [says.machines, paths.machines({ organization })],
    [says.alerts, paths.alerts({ organization })],
    [says.audit, paths.audit({ organization })],
  ] as const;
  return (
    <Group gap="md">
      {links.map(([label, href]) => (
        <Anchor key={href} component={Link} href={href} inherit>
          {label}
        </Anchor>
      ))}
    </Group>
  );
}

function Acts({ organization: { id, name, state, version } }: { readonly organization: OrganizationDetails }) {
  const { can } = useSession();
  const [, navigate] = useLocation();
  const confirm = useConfirm();
  const change = useAct("changeOrganization");
  const remove = useAct("deleteOrganization", { rereads: false });
  const params = { organization: id };
  const setState = (wanted: "active" | "suspended", said: string) =>
    change.mutateAsync({ params, body: { state: wanted }, ifMatch: version }).then(() => notify(said), notifyError);
  const shown = visibleText(name);
  const suspend = async () => {
    const question = { title: says.suspendTitle(shown), body: says.suspendBody, action: says.suspend };
    if (await confirm({ ...question, isDangerous: true })) await setState("suspended", says.suspended(shown));
  };
  const askToDelete = async () => {
    const question = { title: says.deleteTitle(shown), body: says.deleteBody, action: says.delete };
    if (!(await confirm({ ...question, isDangerous: true, typed: shown }))) return;
    try {
      await remove.mutateAsync({ params });
      navigate(paths.organizations());
      notify(says.deleted(shown));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <>
      {can("organizations.edit") &&
        (state === "active" ? (
          <Button variant="default" onClick={() => void suspend()}>
            {says.suspend}
          </Button>
        ) : (
          <Button onClick={() => void setState("active", says.activated(shown))}>{says.activate}</Button>
        ))}
      {can("organizations.delete") && (
        <Button variant="default" onClick={() => void askToDelete()}>
          {says.delete}
        </Button>
      )}
    </>
  );
}
