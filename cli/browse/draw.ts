/** What is seen, as lines: exactly as many as the screen has, none wider than it, every name made safe. */
import { entrySize, modified, nameOf } from "../entry-text.ts";
import { shown } from "../names.ts";
import { shortened, width } from "../table.ts";
import { count, counted, moment, size } from "../units.ts";
import { HELP } from "./help.ts";
import {
  type Browse,
  chosenKey,
  type Existing,
  type Hit,
  listHeight,
  type Mode,
  type Place,
  type Plan,
  pathOf,
  type Row,
} from "./model.ts";

export type Look = "title" | "plain" | "cursor" | "gone" | "quiet" | "folder" | "note";

export interface Line {
  readonly text: string;
  readonly look: Look;
}

export interface DrawOptions {
  readonly timeZone: string;
}

export function draw(state: Browse, options: DrawOptions): readonly Line[] {
  const { columns, rows } = state.size;
  const body = bodyOf(state, options).slice(0, listHeight(state));
  while (body.length < listHeight(state)) body.push(plain(""));
  const lines = [titleOf(state, options), ...body, noteOf(state), { text: keysOf(state), look: "quiet" as const }];
  return lines.slice(0, Math.max(1, rows)).map(({ text, look }) => ({ text: fitted(text, columns, look), look }));
}

const plain = (text: string): Line => ({ text, look: "plain" });

/** Of what is too long the end is left out; what is marked all over is as wide as the screen. */
function fitted(text: string, columns: number, look: Look): string {
  const fits = width(text) <= columns ? text : cut(text, columns);
  return look === "title" || look === "cursor" ? fits + " ".repeat(Math.max(0, columns - width(fits))) : fits;
}

function cut(text: string, columns: number): string {
  let taken = "";
  let wide = 0;
  for (const character of text) {
    wide += width(character);
    if (wide > columns - 1) return columns < 1 ? "" : `${taken}…`;
    taken += character;
  }
  return taken;
}

function titleOf(state: Browse, { timeZone }: DrawOptions): Line {
  const at = state.snapshots.findIndex(({ sequence }) => sequence === state.snapshot);
  const view = state.snapshots[at];
  const when = view ? moment(view.receivedAt, timeZone) : "";
  const which = `#${state.snapshot}  ${when}  (${at + 1} of ${state.snapshots.length})`;
  const deleted = state.withDeleted ? "  with deleted" : "";
  return { text: ` ${which}${deleted}  ${shown(state.machine)}`, look: "title" };
}

function noteOf({ note, chosen, mode }: Browse): Line {
  if (mode.kind === "ask") return { text: `${QUESTIONS[mode.what]} ${shown(mode.text)}▏`, look: "note" };
  if (note !== "") return { text: shown(note), look: "note" };
  return { text: chosen.size > 0 ? `${counted(chosen.size, "thing")} chosen; r restores` : "", look: "note" };
}

const QUESTIONS = {
  date: "Which date?",
  name: "Find which name?",
  target: "Restore to which folder?",
} as const;

function keysOf({ mode }: Browse): string {
  switch (mode.kind) {
    case "tree":
      return "? help  enter open  space choose  r restore  / find  v versions  [ ] dates  q leave";
    case "snapshots":
      return "enter look at it  esc back";
    case "found":
      return "enter go there  space choose  v versions  p look  r restore  esc back";
    case "versions":
      return "enter go there  space choose  p look  r restore  esc back";
    case "preview":
    case "help":
    case "report":
      return "up down  esc back";
    case "ask":
      return "enter go on  esc leave it";
    case "plan":
      return "enter restore  e what is there already  esc leave it";
    case "restoring":
      return "esc stop";
  }
}

function bodyOf(state: Browse, options: DrawOptions): Line[] {
  const mode = state.mode.kind === "ask" ? state.before : state.mode;
  switch (mode.kind) {
    case "tree":
    case "ask":
      return windowOf(state, state.rows, state.place, (row) => rowLine(state, row, options));
    case "snapshots":
      return windowOf(state, state.snapshots, mode, (view) => {
        const flaw = view.incomplete ? "  incomplete" : "";
        const when = moment(view.receivedAt, options.timeZone);
        return plain(
          ` #${String(view.sequence).padEnd(6)} ${when}  ${counted(view.files, "file")}, ${size(view.bytes)}${flaw}`,
        );
      });
    case "found":
      return foundLines(state, mode, options);
    case "versions":
      if (mode.versions === undefined) return [plain(" …")];
      if (mode.versions.length === 0) return [plain(" No snapshot has it.")];
      return windowOf(state, mode.versions, mode, ({ entry, first, last, deletedIn }, at) => {
        const mark = state.chosen.has(chosenKey({ snapshot: last.sequence, path: mode.path })) ? "*" : " ";
        const gone = deletedIn ? `  gone in #${deletedIn.sequence}` : "";
        const since = moment(first.receivedAt, options.timeZone);
        const text = `${mark}${String(at + 1).padStart(3)}  since ${since}  ${entrySize(entry) || entry.type}, last in #${last.sequence}${gone}`;
        return { text, look: deletedIn ? "gone" : "plain" };
      });
    case "preview":
      return [plain(` ${shown(pathOf(`/${mode.title}`))}`), ...textLines(mode.lines ?? ["…"], mode.top)];
    case "help":
      return textLines(HELP, mode.top);
    case "report":
      return textLines(mode.lines, mode.top);
    case "plan":
      return planLines(mode);
    case "restoring":
      return restoringLines(mode, state.size.columns);
  }
}

/** Only what is on the screen is made into text, however long the list is. */
function windowOf<Item>(
  state: Browse,
  items: readonly Item[],
  { cursor, top }: Place,
  lineOf: (item: Item, at: number) => Line,
): Line[] {
  return items.slice(top, top + listHeight(state)).map((item, at) => {
    const line = lineOf(item, top + at);
    return top + at === cursor ? { ...line, look: "cursor" } : line;
  });
}

const WIDE_ENOUGH = 60;
const INDENT_MAX = 40;

function rowLine(state: Browse, row: Row, { timeZone }: DrawOptions): Line {
  const { columns } = state.size;
  const indent = " ".repeat(Math.min(row.depth * 2, INDENT_MAX, Math.floor(columns / 3)));
  if (row.kind === "words") return { text: ` ${indent}  ${shown(row.words)}`, look: "quiet" };
  const { entry, last } = row.node;
  const isFolder = entry.type === "folder";
  const mark = state.chosen.has(chosenKey({ snapshot: last ?? state.snapshot, path: entry.path })) ? "*" : " ";
  const sign = isFolder ? (state.open.has(row.key) ? "▾ " : "▸ ") : "  ";
  const name = shown(nameOf(entry)) + (isFolder ? "/" : entry.type === "symlink" ? ` → ${shown(entry.target)}` : "");
  const gone = last === undefined ? "" : `  deleted, last in #${last}`;
  const unread = entry.type === "file" && entry.content.kind === "missing" ? "  (could not be read)" : "";
  const look = last !== undefined ? "gone" : isFolder ? "folder" : "plain";
  const left = `${mark}${indent}${sign}`;
  const facts =
    columns < WIDE_ENOUGH ? "" : `  ${entrySize(entry).padStart(9)}  ${modified(entry, timeZone).slice(0, 16)} `;
  const room = columns - width(left) - width(gone) - width(unread) - width(facts);
  const short = shortened(name, Math.max(8, room));
  const space = " ".repeat(Math.max(0, room - width(short)));
  return { text: `${left}${short}${gone}${unread}${space}${facts}`, look };
}

function foundLines(state: Browse, mode: Mode & { kind: "found" }, options: DrawOptions): Line[] {
  const { hits, isDone, pattern } = mode;
  if (hits.length === 0) return [plain(isDone ? ` No name fits “${shown(pattern)}”.` : " …")];
  const lines = windowOf(state, hits, mode, (hit) => hitLine(state, hit, options));
  if (!isDone && lines.length < listHeight(state)) lines.push({ text: " …", look: "quiet" });
  return lines;
}

function hitLine(state: Browse, hit: Hit, { timeZone }: DrawOptions): Line {
  const { columns } = state.size;
  const mark = state.chosen.has(chosenKey(hit)) ? "*" : " ";
  const facts =
    columns < WIDE_ENOUGH
      ? ""
      : `  ${entrySize(hit.entry).padStart(9)}  ${modified(hit.entry, timeZone).slice(0, 16)} `;
  const which = hit.snapshot === state.snapshot ? "" : `#${hit.snapshot}  `;
  const name = shown(Buffer.concat([Buffer.from("/"), hit.path])) + (hit.entry.type === "folder" ? "/" : "");
  const room = columns - 1 - width(which) - width(facts);
  const short = shortened(name, Math.max(8, room));
  const text = `${mark}${which}${short}${" ".repeat(Math.max(0, room - width(short)))}${facts}`;
  return { text, look: hit.snapshot === state.snapshot ? "plain" : "gone" };
}

/** They may hold anything: tabs take their room, all else is made safe. */
const textLines = (lines: readonly string[], top: number): Line[] =>
  lines.slice(top, top + 500).map((line) => plain(` ${shown(line.replaceAll("\t", "    "))}`));

const EXISTINGS: Readonly<Record<Existing, string>> = {
  rename: "stays, and what comes stands beside it",
  keep: "stays, and what has its name does not come",
  overwrite: "is replaced",
};

function planLines({ target, chosen, existing, plan }: Mode & { kind: "plan" }): Line[] {
  const lines = [
    "",
    ` Restore ${counted(chosen.length, "thing")} to ${shown(target)}`,
    " Everything comes below it under its whole path.",
    "",
    ` What is there already ${EXISTINGS[existing]}.`,
    "",
  ];
  return [...lines, ...(plan ? factsOf(plan) : [" Looking what it would be …"])].map(plain);
}

const PROBLEMS_SHOWN = 10;

export function factsOf(plan: Plan): string[] {
  const { files, bytes, folders, others, kept, bytesToFetch, problems, problemCount } = plan;
  return [
    ` ${counted(files, "file")}, ${size(bytes)}`,
    ` ${counted(folders, "folder")}${others > 0 ? `, ${counted(others, "link or other", "links and others")}` : ""}`,
    ...(kept > 0 ? [` ${counted(kept, "thing")} would be left as ${kept === 1 ? "it is" : "they are"}`] : []),
    ...(bytesToFetch > 0 ? [` ${size(bytesToFetch)} to fetch`] : []),
    ...(problemCount > 0 ? ["", ` ${counted(problemCount, "problem")}:`] : []),
    ...problems.slice(0, PROBLEMS_SHOWN).map(({ path, message }) => shown(`   ${path}: ${message ?? ""}`)),
  ];
}

const BAR_MAX = 40;

function restoringLines({ target, progress }: Mode & { kind: "restoring" }, columns: number): Line[] {
  const begun = ["", ` Restoring to ${shown(target)}`, ""];
  if (progress === undefined) return [...begun, " …"].map(plain);
  const { files, totalFiles, bytes, totalBytes, currentPath } = progress;
  const share = totalBytes > 0 ? bytes / totalBytes : totalFiles > 0 ? files / totalFiles : 0;
  const room = Math.max(4, Math.min(BAR_MAX, columns - 12));
  const full = Math.round(Math.min(1, share) * room);
  const bar = `${"█".repeat(full)}${"░".repeat(room - full)} ${Math.floor(Math.min(1, share) * 100)} %`;
  const done = ` ${count(files)} of ${counted(totalFiles, "file")}, ${size(bytes)} of ${size(totalBytes)}`;
  return [
    ...begun,
    ` ${bar}`,
    done,
    currentPath === undefined ? "" : ` ${shortened(shown(currentPath), columns - 2)}`,
  ].map(plain);
}
