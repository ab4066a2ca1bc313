/** What answers from outside make of what is seen. Answers to questions of before are nothing. */
import type { RestoreProgress, Version } from "../../agent/index.ts";
import {
  type Browse,
  type Folder,
  type Hit,
  listHeight,
  type PathKey,
  type Plan,
  placed,
  type Step,
  still,
} from "./model.ts";
import { toSnapshot } from "./press.ts";
import { listed, refreshed } from "./tree.ts";

export type Event =
  | {
      readonly kind: "listed";
      readonly snapshot: number;
      readonly key: PathKey;
      readonly withDeleted: boolean;
      readonly folder: Folder;
    }
  | { readonly kind: "found"; readonly pattern: string; readonly hits: readonly Hit[]; readonly isDone: boolean }
  | { readonly kind: "versions"; readonly path: Buffer; readonly versions: readonly Version[] }
  | { readonly kind: "preview"; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: "dated"; readonly snapshot: number }
  | { readonly kind: "planned"; readonly target: string; readonly existing: string; readonly plan: Plan }
  | { readonly kind: "progress"; readonly progress: RestoreProgress }
  | { readonly kind: "restored"; readonly lines: readonly string[]; readonly isWhole: boolean }
  /** A question that has no answer. */
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "resized"; readonly columns: number; readonly rows: number };

const HITS_MAX = 10_000;

export function take(state: Browse, event: Event): Step {
  const { mode } = state;
  switch (event.kind) {
    case "listed":
      if (event.snapshot !== state.snapshot || event.withDeleted !== state.withDeleted) return still(state);
      return listed(state, event.key, event.folder);
    case "found": {
      if (mode.kind !== "found" || mode.pattern !== event.pattern) return still(state);
      const hits = [...mode.hits, ...event.hits].slice(0, HITS_MAX);
      const isFull = mode.hits.length < HITS_MAX && hits.length === HITS_MAX;
      const next = { ...state, mode: { ...mode, hits, isDone: event.isDone || hits.length === HITS_MAX } };
      return { state: next, wishes: isFull ? [{ kind: "stop" }] : [] };
    }
    case "versions":
      if (mode.kind !== "versions" || !mode.path.equals(event.path)) return still(state);
      return still({ ...state, mode: { ...mode, versions: event.versions } });
    case "preview":
      if (mode.kind !== "preview" || mode.title !== event.title) return still(state);
      return still({ ...state, mode: { ...mode, lines: event.lines } });
    case "dated":
      return toSnapshot({ ...state, mode: { kind: "tree" } }, event.snapshot);
    case "planned":
      if (mode.kind !== "plan" || mode.target !== event.target || mode.existing !== event.existing) return still(state);
      return still({ ...state, mode: { ...mode, plan: event.plan } });
    case "progress":
      if (mode.kind !== "restoring") return still(state);
      return still({ ...state, mode: { ...mode, progress: event.progress } });
    case "restored": {
      const report = { kind: "report", lines: event.lines, top: 0 } as const;
      const chosen = event.isWhole ? new Map() : state.chosen;
      return still({ ...state, chosen, mode: report, before: { kind: "tree" } });
    }
    case "failed": {
      // What waited for the answer is left.
      const waits =
        mode.kind === "versions" || mode.kind === "preview" || mode.kind === "plan" || mode.kind === "restoring";
      return still({ ...state, mode: waits ? { kind: "tree" } : mode, note: event.reason });
    }
    case "resized":
      return still(resized(state, event));
  }
}

function resized(state: Browse, { columns, rows }: { columns: number; rows: number }): Browse {
  const next = refreshed({ ...state, size: { columns, rows } });
  const { mode } = next;
  if (!("cursor" in mode)) return next;
  return { ...next, mode: { ...mode, ...placed(mode.cursor, mode.top, Number.MAX_SAFE_INTEGER, listHeight(next)) } };
}
