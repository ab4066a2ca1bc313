/** What a key makes of what is seen. */

import { HELP } from "./help.ts";
import type { Key } from "./keys.ts";
import {
  type Browse,
  type Chosen,
  chosenKey,
  keyOf,
  listHeight,
  type Mode,
  type Node,
  placed,
  type Step,
  still,
} from "./model.ts";
import { decided, typed } from "./press-ask.ts";
import { closeFolder, goTo, openFolder, reloaded } from "./tree.ts";

export function press(given: Browse, key: Key): Step {
  const state = { ...given, note: "" };
  if (key === "ctrl-c" || key === "ctrl-d") return leave(state);
  switch (state.mode.kind) {
    case "ask":
      return typed(state, state.mode, key);
    case "plan":
      return decided(state, state.mode, key);
    case "restoring":
      return key === "escape" || key === "q" ? { state, wishes: [{ kind: "stop" }] } : still(state);
    case "tree":
      return inTree(state, key);
    case "snapshots":
    case "found":
    case "versions":
      return inList(state, state.mode, key);
    case "preview":
    case "help":
    case "report":
      return inText(state, state.mode, key);
  }
}

/** A restore that runs is stopped first. */
const leave = (state: Browse): Step => ({
  state,
  wishes: [{ kind: state.mode.kind === "restoring" ? "stop" : "quit" }],
});

function inTree(state: Browse, key: Key): Step {
  const { rows, place } = state;
  const moved = moveOf(key, place.cursor, rows.length, listHeight(state));
  if (moved !== undefined) {
    const next = placed(moved, place.top, rows.length, listHeight(state));
    return still({ ...state, place: next, sought: undefined });
  }
  const row = rows[place.cursor];
  const node = row?.kind === "node" ? row.node : undefined;
  const at = row?.kind === "node" ? row.key : undefined;
  const isFolder = node?.entry.type === "folder";
  switch (key) {
    case "q":
      return { state, wishes: [{ kind: "quit" }] };
    case "enter":
    case "right":
    case "l":
      if (node === undefined || at === undefined) return still(state);
      if (!isFolder) return key === "enter" ? preview(state, node) : still(state);
      if (!state.open.has(at)) return openFolder(state, at);
      return key === "enter" ? still(closeFolder(state, at)) : still(step(state, 1));
    case "left":
    case "h":
      if (at === undefined) return still(step(state, -1));
      if (isFolder && state.open.has(at)) return still(closeFolder(state, at));
      return at.includes("/") ? goTo(state, at.slice(0, at.lastIndexOf("/"))) : still(state);
    case "d": {
      const withDeleted = !state.withDeleted;
      return reloaded({
        ...state,
        withDeleted,
        note: withDeleted ? "With what was deleted." : "Without what was deleted.",
      });
    }
  }
  if (node !== undefined) {
    if (key === " ") return still(step(toggled(state, chosenOf(state, node)), 1));
    if (key === "p") return preview(state, node);
    if (key === "v") return versionsOf(state, node.entry.path);
  }
  return anywhere(state, key, node === undefined ? [] : [chosenOf(state, node)]);
}

const step = (state: Browse, by: number): Browse => {
  const { rows, place } = state;
  return { ...state, place: placed(place.cursor + by, place.top, rows.length, listHeight(state)), sought: undefined };
};

type Listing = Mode & { readonly kind: "snapshots" | "found" | "versions" };

function inList(state: Browse, mode: Listing, key: Key): Step {
  const length =
    mode.kind === "snapshots"
      ? state.snapshots.length
      : mode.kind === "found"
        ? mode.hits.length
        : (mode.versions?.length ?? 0);
  const moved = moveOf(key, mode.cursor, length, listHeight(state));
  if (moved !== undefined) {
    const mode2 = { ...mode, ...placed(moved, mode.top, length, listHeight(state)) };
    return still({ ...state, mode: mode2 });
  }
  if (key === "escape" || key === "q" || key === "left")
    return { state: back(state), wishes: mode.kind === "found" && !mode.isDone ? [{ kind: "stop" }] : [] };
  if (mode.kind === "snapshots") {
    const view = state.snapshots[mode.cursor];
    if (key !== "enter" || view === undefined) return anywhere(state, key, []);
    return toSnapshot(back(state), view.sequence);
  }
  const chosen = chosenIn(mode);
  if (chosen === undefined) return anywhere(state, key, []);
  if (key === " ") return still(toggled(state, chosen));
  if (key === "enter") {
    const { state: there, wishes } = toSnapshot({ ...state, mode: { kind: "tree" } }, chosen.snapshot);
    const gone = goTo(there, keyOf(chosen.path));
    return { state: gone.state, wishes: [...wishes, ...gone.wishes] };
  }
  if (key === "v" && mode.kind === "found") return versionsOf(state, chosen.path);
  if (key === "p") {
    const entry = mode.kind === "found" ? mode.hits[mode.cursor]?.entry : mode.versions?.[mode.cursor]?.entry;
    if (entry !== undefined) return previewOf(state, chosen.snapshot, entry);
  }
  return anywhere(state, key, [chosen]);
}

function chosenIn(mode: Mode & { kind: "found" | "versions" }): Chosen | undefined {
  if (mode.kind === "found") return mode.hits[mode.cursor];
  const version = mode.versions?.[mode.cursor];
  return version && { snapshot: version.last.sequence, path: mode.path };
}

function inText(state: Browse, mode: Mode & { kind: "preview" | "help" | "report" }, key: Key): Step {
  const length = mode.kind === "help" ? HELP.length : (mode.lines?.length ?? 0);
  const height = listHeight(state);
  const to = (top: number): Step =>
    still({ ...state, mode: { ...mode, top: Math.max(0, Math.min(top, length - height)) } });
  const moved = moveOf(key, mode.top, length, height);
  if (moved === undefined)
    return ["escape", "q", "enter", "left", "?", "p"].includes(key) ? still(back(state)) : still(state);
  return to(moved);
}

/** What goes from the tree and from lists alike. */
function anywhere(state: Browse, key: Key, here: readonly Chosen[]): Step {
  const ask = (what: "date" | "name" | "target", text = ""): Step =>
    still({ ...state, mode: { kind: "ask", what, text }, before: state.mode });
  switch (key) {
    case "[":
    case "]": {
      const at = state.snapshots.findIndex(({ sequence }) => sequence === state.snapshot);
      const view = state.snapshots[key === "[" ? at + 1 : at - 1];
      if (view !== undefined) return toSnapshot({ ...state, mode: { kind: "tree" } }, view.sequence);
      return still({ ...state, note: key === "[" ? "This is the oldest one." : "This is the newest one." });
    }
    case "s": {
      const cursor = Math.max(
        0,
        state.snapshots.findIndex(({ sequence }) => sequence === state.snapshot),
      );
      const mode = { kind: "snapshots", ...placed(cursor, 0, state.snapshots.length, listHeight(state)) } as const;
      return still({ ...state, mode, before: { kind: "tree" } });
    }
    case "@":
      return ask("date");
    case "/":
      return ask("name");
    case "c":
      return still({ ...state, chosen: new Map(), note: "Nothing is chosen any more." });
    case "r": {
      if (state.chosen.size === 0 && here.length === 0)
        return still({ ...state, note: "Choose something with the space bar." });
      const chosen = state.chosen.size > 0 ? state.chosen : new Map(here.map((each) => [chosenKey(each), each]));
      return still({ ...state, chosen, mode: { kind: "ask", what: "target", text: "" }, before: state.mode });
    }
    case "?":
      return still({ ...state, mode: { kind: "help", top: 0 }, before: state.mode });
    default:
      return still(state);
  }
}

/** Where the tree stays open, and the cursor where it was. */
export function toSnapshot(state: Browse, snapshot: number): Step {
  return snapshot === state.snapshot ? still(state) : reloaded({ ...state, snapshot });
}

/** Of what is deleted the snapshot that has it last. */
const chosenOf = ({ snapshot }: Browse, { entry, last }: Node): Chosen => ({
  snapshot: last ?? snapshot,
  path: entry.path,
});

function toggled(state: Browse, which: Chosen): Browse {
  const chosen = new Map(state.chosen);
  const key = chosenKey(which);
  if (!chosen.delete(key)) chosen.set(key, { snapshot: which.snapshot, path: which.path });
  return { ...state, chosen };
}

function versionsOf(state: Browse, path: Buffer): Step {
  const mode = { kind: "versions", path, versions: undefined, cursor: 0, top: 0 } as const;
  return { state: { ...state, mode, before: state.mode }, wishes: [{ kind: "versions", path }] };
}

const preview = (state: Browse, node: Node): Step => previewOf(state, chosenOf(state, node).snapshot, node.entry);

function previewOf(state: Browse, snapshot: number, entry: Node["entry"]): Step {
  if (entry.type !== "file") return still({ ...state, note: "Only files are shown." });
  const mode = { kind: "preview", title: keyOf(entry.path), lines: undefined, top: 0 } as const;
  return { state: { ...state, mode, before: state.mode }, wishes: [{ kind: "preview", snapshot, entry }] };
}

const back = (state: Browse): Browse => ({ ...state, mode: state.before, before: { kind: "tree" } });

function moveOf(key: Key, cursor: number, length: number, height: number): number | undefined {
  switch (key) {
    case "up":
    case "k":
      return cursor - 1;
    case "down":
    case "j":
      return cursor + 1;
    case "page-up":
      return cursor - height;
    case "page-down":
      return cursor + height;
    case "home":
    case "g":
      return 0;
    case "end":
    case "G":
      return length - 1;
    default:
      return undefined;
  }
}
