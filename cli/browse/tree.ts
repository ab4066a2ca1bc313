/** The tree as rows, and what opening, closing and another snapshot make of it. */
import {
  type Browse,
  type Folder,
  keyOf,
  listHeight,
  type Node,
  type PathKey,
  placed,
  type Row,
  type Step,
  still,
  type Wish,
} from "./model.ts";

/** All rows anew; the cursor goes to what is sought, or stays on the path where it was. */
export function refreshed(state: Browse): Browse {
  const rows: Row[] = [];
  addRows(state, rows);
  const { cursor, top } = state.place;
  const before = state.rows[cursor];
  const wanted = state.sought ?? (before?.kind === "node" ? before.key : undefined);
  const found = wanted === undefined ? -1 : rows.findIndex((row) => row.kind === "node" && row.key === wanted);
  const place = placed(found < 0 ? cursor : found, top, rows.length, listHeight(state));
  return { ...state, rows, place, sought: found < 0 ? state.sought : undefined };
}

/** Not by recursion: folders may be as deep as a path is long. */
function addRows({ folders, open }: Browse, rows: Row[]): void {
  const stack: { nodes: readonly Node[]; at: number; depth: number }[] = [];
  const enter = (key: PathKey, depth: number): void => {
    const folder = folders.get(key);
    if (folder?.kind === "there" && folder.nodes.length > 0) stack.push({ nodes: folder.nodes, at: 0, depth });
    else rows.push({ kind: "words", depth, words: wordsOf(folder) });
  };
  enter("", 0);
  for (let level = stack.at(-1); level !== undefined; level = stack.at(-1)) {
    const node = level.nodes[level.at++];
    if (node === undefined) {
      stack.pop();
      continue;
    }
    const key = keyOf(node.entry.path);
    rows.push({ kind: "node", key, depth: level.depth, node });
    if (node.entry.type === "folder" && open.has(key)) enter(key, level.depth + 1);
  }
}

function wordsOf(folder: Folder | undefined): string {
  if (folder?.kind === "failed") return folder.reason;
  return folder?.kind === "there" ? "(empty)" : "…";
}

export function openFolder(state: Browse, key: PathKey): Step {
  const open = new Set(state.open).add(key);
  if (state.folders.get(key)?.kind === "there") return still(refreshed({ ...state, open }));
  const folders = new Map(state.folders).set(key, { kind: "loading" });
  return { state: refreshed({ ...state, open, folders }), wishes: [listOf(state, key)] };
}

export function closeFolder(state: Browse, key: PathKey): Browse {
  const open = new Set(state.open);
  open.delete(key);
  return refreshed({ ...state, open, sought: key });
}

/** As of another snapshot, or with or without what is deleted: what is open stays open. */
export function reloaded(state: Browse): Step {
  const row = state.rows[state.place.cursor];
  const sought = state.sought ?? (row?.kind === "node" ? row.key : undefined);
  const folders = new Map<PathKey, Folder>([["", { kind: "loading" }]]);
  // What is there now stays on the screen until the new is there.
  return { state: { ...state, folders, sought }, wishes: [listOf(state, "")] };
}

/** Opens all above, and brings the cursor there when it is loaded. */
export function goTo(state: Browse, key: PathKey): Step {
  const open = new Set(state.open);
  const folders = new Map(state.folders);
  const wishes: Wish[] = [];
  for (let slash = key.indexOf("/"); slash >= 0; slash = key.indexOf("/", slash + 1)) {
    const above = key.slice(0, slash);
    open.add(above);
    if (folders.get(above)?.kind === "there") continue;
    folders.set(above, { kind: "loading" });
    wishes.push(listOf(state, above));
  }
  return { state: refreshed({ ...state, open, folders, sought: key, mode: { kind: "tree" } }), wishes };
}

export function listed(state: Browse, key: PathKey, folder: Folder): Step {
  const folders = new Map(state.folders).set(key, folder);
  const wishes: Wish[] = [];
  const open = new Set(state.open);
  const [only, ...others] = folder.kind === "there" ? folder.nodes : [];
  // Of one folder there is nothing to choose.
  if (only?.entry.type === "folder" && others.length === 0) open.add(keyOf(only.entry.path));
  // Folders in it that are open are read next, when they were not yet.
  if (folder.kind === "there" && open.size > 1)
    for (const { entry } of folder.nodes) {
      const child = keyOf(entry.path);
      if (entry.type !== "folder" || !open.has(child) || folders.has(child)) continue;
      folders.set(child, { kind: "loading" });
      wishes.push(listOf(state, child));
    }
  const next = refreshed({ ...state, folders, open });
  // Whatever was sought is not in this snapshot.
  const isSettled = ![...folders.values()].some(({ kind }) => kind === "loading");
  return { state: isSettled ? { ...next, sought: undefined } : next, wishes };
}

const listOf = ({ snapshot, withDeleted }: Browse, key: PathKey): Wish => ({
  kind: "list",
  snapshot,
  key,
  withDeleted,
});
