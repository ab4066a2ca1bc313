/**
 * Where something happened since a page last asked: so that it asks for the rest only then. The cursor holds counts of the newest events by kind, so
 * that an event is seen whose transaction took hold after that of a later one; any process can answer.
 */
import { z } from "zod";
import { CHANGE_AREAS, type ChangeArea, type Changes, type ChangesQuery } from "../../../protocol/messages/events.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { narrowed } from "../access/narrowed.ts";
import type { Domain } from "../domain.ts";
import { firstIdAt } from "../row-ids.ts";
import { kindsFor } from "./event-access.ts";

/** No transaction takes longer than this, so its event is counted in the next answer at the latest. */
const OVERLAP_MS = 15_000;
/** Whoever was away for longer looks at everything again. */
const AWAY_MS = 10 * 60_000;
const WAIT_SECONDS = 5;

const cursorSchema = z.tuple([z.int().min(0), z.record(z.string(), z.int())]);
/** From when on, and how many of each kind there were from then on. */
type Seen = z.infer<typeof cursorSchema>;

/** Throws `organization/missing`. */
export async function findChanges(
  { records, clock }: Domain,
  asked: ConsoleCaller,
  { after, organization }: ChangesQuery,
): Promise<Changes> {
  const caller = await narrowed(records, asked, organization);
  const { scope } = caller;
  const kinds = kindsFor(caller);
  const countFrom = async (at: number): Promise<ReadonlyMap<string, number>> =>
    kinds.length === 0 ? new Map() : await records.events.countByKind({ scope, kinds, from: firstIdAt(at) });
  const now = clock.now();
  const seen = after === undefined ? undefined : parseCursor(after, now);
  const changed = seen === undefined ? [] : newKinds(seen, await countFrom(seen[0]));
  const next = Math.max(seen?.[0] ?? 0, now - OVERLAP_MS);
  return {
    cursor: encodeCursor([next, Object.fromEntries(await countFrom(next))]),
    areas: CHANGE_AREAS.filter((area) => changed.some((kind) => areasOf(kind).includes(area))),
    isReset: after !== undefined && seen === undefined,
    runningBackups: await records.watch.countRunning(scope),
    waitSeconds: WAIT_SECONDS,
  };
}

const newKinds = ([, before]: Seen, now: ReadonlyMap<string, number>): string[] =>
  [...now].filter(([kind, count]) => count > (before[kind] ?? 0)).map(([kind]) => kind);

/** A run changes what its machine shows as well. */
function areasOf(kind: string): readonly ChangeArea[] {
  const [area = ""] = kind.split(".");
  switch (area) {
    case "machine":
      return kind.startsWith("machine.backup-") ? ["backups", "machines"] : ["machines"];
    case "user":
      return ["users"];
    case "restore":
      return ["restores"];
    case "quota":
      return ["quotas"];
    case "policy":
      return ["policies"];
    case "alert":
      return ["alerts"];
    default:
      return [];
  }
}

const encodeCursor = (seen: Seen): string => Buffer.from(JSON.stringify(seen)).toString("base64url");

/** undefined: too old, or none of ours. */
function parseCursor(cursor: string, now: number): Seen | undefined {
  try {
    const seen = cursorSchema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return seen[0] < now - AWAY_MS || seen[0] > now ? undefined : seen;
  } catch {
    return undefined;
  }
}
