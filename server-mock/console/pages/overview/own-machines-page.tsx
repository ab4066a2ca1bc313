/** What a user opens first: are my machines backed up, and how do I get a file back? */
import { Button, Grid, Stack, Title } from "@mantine/core";
import { Link } from "wouter";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import type { AttentionItem } from "../../../../protocol/messages/overview.ts";
import { useRead } from "../../api/hooks.ts";
import { type LiveRoutes, useLive } from "../../api/use-live.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Page } from "../../parts/page.tsx";
import { PageSkeleton } from "../../parts/page-skeleton.tsx";
import { paths } from "../../paths.ts";
import { OwnActivity } from "./own-activity.tsx";
import { OwnMachineCard } from "./own-machine-card.tsx";
import { RunningPanel } from "./running-panel.tsx";
import { StoragePanel } from "./storage-panel.tsx";
import "./overview.css";

const LIVE: LiveRoutes = {
  machines: ["listMachines", "overview", "overviewAttention"],
  backups: ["listMachines", "overview", "overviewAttention", "searchBackups"],
  growing: ["searchBackups"],
  quotas: ["overview", "listMachines"],
};

const ownMachines = text.ownMachines;

export function OwnMachinesPage() {
  const machines = useRead("listMachines", { query: { limit: 200, sort: "machine" } }, { keepShown: true });
  const overview = useRead("overview", {}, { keepShown: true });
  const attention = useRead("overviewAttention", { query: { limit: 100 } }, { keepShown: true });
  useLive(LIVE);
  const error = machines.error ?? overview.error ?? attention.error;
  const items = machines.data?.items;
  const troubled = attention.data?.items ?? [];
  return (
    <Page title={ownMachines.title}>
      {error !== null && (
        <ErrorBox
          error={error}
          onRetry={() => void Promise.all([machines, overview, attention].map(({ refetch }) => refetch()))}
        />
      )}
      {items === undefined && error === null && <PageSkeleton />}
      {items?.length === 0 && (
        <Empty
          title={ownMachines.none}
          hint={ownMachines.noneHint}
          action={
            <Button component={Link} href={paths.install()}>
              {ownMachines.install}
            </Button>
          }
        />
      )}
      {items !== undefined && items.length > 0 && attention.data !== undefined && overview.data !== undefined && (
        <Stack gap="md">
          <Title order={2} size="h3">
            {troubled.length === 0 ? ownMachines.allGood(items.length) : ownMachines.needAttention(troubled.length)}
          </Title>
          <ul className="machine-cards" aria-label={ownMachines.title}>
            {withTrouble(items, troubled).map(({ machine, trouble }) => (
              <li key={machine.id}>
                <OwnMachineCard machine={machine} trouble={trouble} />
              </li>
            ))}
          </ul>
          <Grid gap="md">
            <Grid.Col span={{ base: 12, lg: 7 }}>
              <Stack gap="md">
                <RunningPanel organization={undefined} running={overview.data.runningBackups} />
                <OwnActivity />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, lg: 5 }}>
              <StoragePanel organization={undefined} storage={overview.data.storage} />
            </Grid.Col>
          </Grid>
        </Stack>
      )}
    </Page>
  );
}

/** Those in trouble first. */
const withTrouble = (items: readonly MachineItem[], troubled: readonly AttentionItem[]) =>
  items
    .map((machine) => ({ machine, trouble: troubled.find((each) => each.machine.id === machine.id) }))
    .toSorted((a, b) => Number(b.trouble !== undefined) - Number(a.trouble !== undefined));
