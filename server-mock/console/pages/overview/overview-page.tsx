/** What an admin opens first: who is not backed up, and why; what is new, what is used, what runs. */
import { Grid, NativeSelect, Stack } from "@mantine/core";
import { useLocation, useSearch } from "wouter";
import { useRead } from "../../api/hooks.ts";
import { type LiveRoutes, useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { AlertsPanel } from "./alerts-panel.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { MailNote } from "./mail-note.tsx";
import { RunningPanel } from "./running-panel.tsx";
import { StatusTiles } from "./status-tiles.tsx";
import { StoragePanel } from "./storage-panel.tsx";
import { TodayPanel } from "./today-panel.tsx";

const LIVE: LiveRoutes = {
  machines: ["overview", "overviewAttention", "overviewToday"],
  backups: ["overview", "overviewAttention", "overviewToday", "searchBackups"],
  growing: ["searchBackups"],
  restores: ["overviewToday"],
  users: ["overviewToday", "listUsers"],
  quotas: ["overview", "overviewToday"],
  policies: ["overviewToday"],
  alerts: ["overview", "listAlerts"],
};

export function OverviewPage() {
  const { isOwner, can } = useSession();
  const organization = new URLSearchParams(useSearch()).get("organization") ?? undefined;
  const { data, error, refetch } = useRead("overview", { query: { organization } }, { keepShown: true });
  useLive(LIVE, organization);
  return (
    <Page title={text.overview.title} actions={isOwner && <OrganizationChoice chosen={organization} />}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <PageSkeleton />}
      {data !== undefined && (
        <>
          <MailNote mail={data.mail} />
          {data.machines.total === 0 ? <FirstSteps organization={organization} /> : <StatusTiles overview={data} />}
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7.5 }}>
              <Stack gap="md">
                {data.machines.total > 0 && can("machines.view") && <AttentionPanel organization={organization} />}
                {can("machines.view") && <RunningPanel organization={organization} running={data.runningBackups} />}
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 4.5 }}>
              <Stack gap="md">
                <StoragePanel organization={organization} storage={data.storage} />
                {can("alerts.view") && <AlertsPanel organization={organization} counts={data.alerts} />}
                <TodayPanel organization={organization} />
              </Stack>
            </Grid.Col>
          </Grid>
        </>
      )}
    </Page>
  );
}

/** Of a top-level admin. */
function OrganizationChoice({ chosen }: { readonly chosen: string | undefined }) {
  const [, navigate] = useLocation();
  const { data } = useRead("listOrganizations", { query: { limit: 200 } });
  const options = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return (
    <NativeSelect
      aria-label={text.overview.organization}
      value={chosen ?? ""}
      onChange={({ currentTarget: { value } }) =>
        navigate(
          value === "" ? paths.overview() : `${paths.overview()}?${new URLSearchParams({ organization: value })}`,
        )
      }
      data={[{ value: "", label: text.overview.allOrganizations }, ...options]}
    />
  );
}
