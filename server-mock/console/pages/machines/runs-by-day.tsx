/** How a machine's runs ended, day by day; each day leads to its records. */
import { Skeleton } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { CalendarStrip } from "../../parts/charts/calendar-strip.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { dayRange } from "../../parts/zoned-day.ts";
import { paths } from "../../paths.ts";

const DAYS = 90;

export function RunsByDay({ machine }: { readonly machine: string }) {
  const answer = useRead("machineDays", { params: { machine }, query: { days: DAYS } });
  if (answer.error !== null) return <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />;
  if (answer.data === undefined) return <Skeleton height={150} />;
  const { timeZone } = answer.data;
  return (
    <CalendarStrip
      label={text.machines.runs}
      runs={answer.data}
      hrefOf={(day) => paths.backups({ machine, ...dayRange(day, timeZone) })}
    />
  );
}
