/** What is used of what there is: black below, orange reached, red exceeded. */
import { Progress, Stack, Text } from "@mantine/core";
import { formatBytes } from "../../../base/format-bytes.ts";

export interface UsageBarProps {
  readonly label: string;
  readonly used: number;
  /** null: no limit. */
  readonly limit: number | null;
  /** Sizes unless given. */
  readonly show?: (value: number) => string;
  /** What is said instead of `used / limit`. */
  readonly children?: string;
}

export function UsageBar({ label, used, limit, show = formatBytes, children }: UsageBarProps) {
  const level = limit === null || used < limit ? "below" : used === limit ? "reached" : "exceeded";
  const percent =
    limit === null || limit === 0 ? (used > 0 && limit === 0 ? 100 : 0) : Math.min(100, (used / limit) * 100);
  const said = children ?? (limit === null ? show(used) : `${show(used)} / ${show(limit)}`);
  return (
    <Stack gap={4}>
      <Text size="sm" className={`usage-${level}`}>
        {said}
      </Text>
      {limit !== null && <Progress value={percent} color={COLORS[level]} aria-label={`${label}: ${said}`} size="sm" />}
    </Stack>
  );
}

const COLORS = { below: "teal.7", reached: "orange.7", exceeded: "red.7" } as const;
