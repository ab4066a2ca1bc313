/** Storage of a group in a cell: `Shared`, `10 GB (Limited)`; one line each where Server and Desktop have rooms of their own. */
import { formatBytes } from "../../../../base/format-bytes.ts";
import type { GroupView } from "../../../../protocol/messages/groups.ts";
import type { PoolView } from "../../../../protocol/messages/organizations.ts";
import { text } from "../../messages/messages.ts";

const { modes, kinds, limit, ofKind } = text.groups;

const storageText = ({ mode, limitBytes }: Pick<PoolView, "mode" | "limitBytes">): string =>
  limitBytes === null || mode === "shared" || mode === "none"
    ? modes[mode]
    : limit(formatBytes(limitBytes), modes[mode]);

/** Those that are limited. */
export const countedPools = ({ pools, counted }: Pick<GroupView, "pools" | "counted">): readonly PoolView[] =>
  pools.filter(({ kind }) => counted.includes(kind));

export const storageLines = (group: Pick<GroupView, "pools" | "counted">): readonly string[] =>
  lines(group, storageText);

export const usedLines = (group: Pick<GroupView, "pools" | "counted">): readonly string[] =>
  lines(group, ({ usedBytes }) => (usedBytes === 0 ? text.common.none : formatBytes(usedBytes)));

export const usedBytes = (group: Pick<GroupView, "pools" | "counted">): number =>
  countedPools(group).reduce((sum, pool) => sum + pool.usedBytes, 0);

function lines(group: Pick<GroupView, "pools" | "counted">, textOf: (pool: PoolView) => string): readonly string[] {
  const counted = countedPools(group);
  return counted.map((pool) => (counted.length === 1 ? textOf(pool) : ofKind(kinds[pool.kind], textOf(pool))));
}
