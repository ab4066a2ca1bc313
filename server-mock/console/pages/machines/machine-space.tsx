/** What a machine's history takes, as the service counts it. */
import { Skeleton, Text } from "@mantine/core";
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { SpaceView } from "../../../../protocol/messages/space.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { Facts } from "../../parts/facts.tsx";
import { RelativeTime } from "../../parts/relative-time.tsx";

const { space } = text.machines;

export function MachineSpace({ machine }: { readonly machine: string }) {
  const answer = useRead("getSpace", { params: { machine } });
  if (answer.error !== null) return <ErrorBox error={answer.error} onRetry={() => void answer.refetch()} />;
  return answer.data === undefined ? (
    <Skeleton height={90} />
  ) : (
    <Text size="sm" component="div">
      <Facts rows={rowsOf(answer.data)} />
    </Text>
  );
}

/** What is nothing is left out, where it would only make one wonder. */
const rowsOf = (of: SpaceView): Parameters<typeof Facts>[0]["rows"] => [
  [space.referenced, of.referencedBytes === null ? space.notMeasured : formatBytes(of.referencedBytes)],
  of.unreferencedBytes ? [space.unreferenced, noted(of.unreferencedBytes, space.unreferencedHint)] : undefined,
  of.trashBytes > 0 ? [space.trash, noted(of.trashBytes, space.trashHint)] : undefined,
  of.damagedBytes > 0 ? [space.damaged, noted(of.damagedBytes, space.damagedHint)] : undefined,
  [space.snapshots, space.keptAndPruned(of.snapshots.kept, of.snapshots.pruned)],
  of.measuredAt === null ? undefined : [space.measured, <RelativeTime key="measured" at={of.measuredAt} />],
];

const noted = (bytes: number, hint: string): string => `${formatBytes(bytes)}. ${hint}`;
