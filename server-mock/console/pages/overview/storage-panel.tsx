/** Storage used against what there is, now and over the last days. */
import { Skeleton, Stack } from "@mantine/core";
import type { Overview } from "../../../../protocol/messages/overview.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { StorageChart } from "../../parts/charts/storage-chart.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Panel } from "../../parts/panel.tsx";
import { UsageBar } from "../../parts/usage-bar.tsx";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";

const DAYS = 90;

export interface StoragePanelProps {
  readonly organization: string | undefined;
  readonly storage: Overview["storage"];
}

export function StoragePanel({ organization, storage: { usedBytes, limitBytes } }: StoragePanelProps) {
  const { isUser, isOwner, can } = useSession();
  const query = { organization, days: DAYS };
  const { data, error, refetch } = useRead("overviewStorage", { query }, { keepShown: true });
  const hasResources = !isUser && !isOwner && can("organization.view");
  const more = hasResources ? ([text.overview.storageMore, paths.resources()] as const) : undefined;
  return (
    <Panel title={text.overview.storage} more={more}>
      <Stack gap="sm">
        {(limitBytes !== null || (data?.days.length ?? 0) <= 1) && (
          <UsageBar label={text.overview.storageUsed} used={usedBytes} limit={limitBytes} />
        )}
        {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
        {data === undefined && error === null && <Skeleton height={180} />}
        {data !== undefined && data.days.length > 1 && (
          <StorageChart label={text.overview.storageLabel} days={data.days} height={170} />
        )}
      </Stack>
    </Panel>
  );
}
