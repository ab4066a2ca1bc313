/** What a machine stored, day by day. */
import { Skeleton } from "@mantine/core";
import type { MachineDetails } from "../../../../protocol/messages/machine-acts.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { StorageChart } from "../../parts/charts/storage-chart.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";

const DAYS = 180;

export function StorageOverTime({ machine: { id, name } }: { readonly machine: MachineDetails }) {
  const answer = useRead("machineStorage", { params: { machine: id }, query: { days: DAYS } });
  if (answer.error !== null) return <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />;
  if (answer.data === undefined) return <Skeleton height={240} />;
  return <StorageChart label={text.machines.storageOf(name)} days={answer.data.days} height={230} />;
}
