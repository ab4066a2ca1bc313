/** A backup while it runs: its counters as the machine tells them, and how fast it sends. */
import { Alert, Group, Progress, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { BackupView } from "../../../../protocol/messages/records.ts";
import { text } from "../../messages/messages.ts";
import { RelativeTime } from "../../parts/relative-time.tsx";
import { rateOf, type Sample, withSample } from "./transfer-rate.ts";

const { running } = text.machines;

export interface RunningBackupProps {
  readonly backup: Omit<BackupView, "problems">;
  /** When this was told: changes with each answer, even an equal one. */
  readonly toldAt: number;
}

export function RunningBackup({ backup, toldAt }: RunningBackupProps) {
  const rate = useRate(backup, toldAt);
  const { startedAt, files, bytes, filesEncoded, bytesEncoded, filesTransferred, bytesTransferred } = backup;
  const amount = (count: number, size: number) => running.filesOf(count.toLocaleString("en"), formatBytes(size));
  const rows = [
    [running.files, amount(files, bytes)],
    [running.encoded, amount(filesEncoded, bytesEncoded)],
    [running.transferred, amount(filesTransferred, bytesTransferred)],
    [running.rate, rate === undefined ? running.measuring : running.perSecond(formatBytes(Math.round(rate)))],
  ] as const;
  return (
    <Alert color="teal" title={`${running.title}: ${backup.shown.type}`} role="region" aria-label={running.title}>
      <Stack gap="xs">
        <Progress value={100} animated aria-label={running.title} color="teal.7" size="sm" />
        <Group gap="xl">
          <Text size="sm" component="div">
            {running.begun} <RelativeTime at={startedAt} />
          </Text>
          {rows.map(([name, value]) => (
            <Text key={name} size="sm" component="div" style={{ fontVariantNumeric: "tabular-nums" }}>
              <Text span inherit c="dimmed">
                {name}
              </Text>{" "}
              {value}
            </Text>
          ))}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Bytes per second; undefined: too early to tell. */
function useRate({ id, bytesTransferred: bytes }: RunningBackupProps["backup"], toldAt: number): number | undefined {
  const [told, setTold] = useState<{ readonly of: string; readonly samples: readonly Sample[] }>({
    of: id,
    samples: [],
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that says the same again is a sample, too.
  useEffect(() => {
    const next = { bytes, atMs: performance.now() };
    setTold(({ of, samples }) => ({ of: id, samples: withSample(of === id ? samples : [], next) }));
  }, [id, bytes, toldAt]);
  return rateOf(told.samples);
}
