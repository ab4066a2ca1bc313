import { expect, test } from "vitest";
import type { Entry, Version } from "../../agent/index.ts";
import type { SnapshotView } from "../../protocol/messages/records.ts";
import { fileEntry, folderEntry } from "../../test/support/entries-to-store.ts";
import { width } from "../table.ts";
import { draw, factsOf } from "./draw.ts";
import { Keys } from "./keys.ts";
import { type Browse, begin, type Folder, type Node, type Step, type Wish } from "./model.ts";
import { press } from "./press.ts";
import { type Event, take } from "./take.ts";

const view = (sequence: number): SnapshotView => {
  const at = `2026-11-0${sequence}T12:00:00.000Z`;
  return { sequence, record: "00", receivedAt: at, claimedAt: at, incomplete: false, files: 3, bytes: 10 };
};

const file = (path: string | Buffer, sizeBytes = 3): Entry =>
  ({ ...fileEntry(path, ""), sizeBytes, content: { kind: "slices", slices: [] } }) as Entry; // As the catalog has it.
const folder = (path: string): Entry => folderEntry(path) as Entry;
const there = (...nodes: (Entry | Node)[]): Folder => ({
  kind: "there",
  nodes: nodes.map((each) => ("entry" in each ? each : { entry: each })),
});

/** Keys are pressed and answers come; what was wished for meanwhile is collected. */
class Session {
  state: Browse;
  wishes: Wish[] = [];

  constructor(size = { columns: 80, rows: 12 }) {
    const first = begin({ machine: "laptop", snapshots: [view(3), view(2), view(1)], size });
    this.state = first.state;
    this.wishes.push(...first.wishes);
  }

  press(...keys: string[]): this {
    for (const key of keys) this.#go(press(this.state, key));
    return this;
  }

  take(event: Event): this {
    this.#go(take(this.state, event));
    return this;
  }

  list(
    key: string,
    listing: Folder,
    { snapshot = this.state.snapshot, withDeleted = this.state.withDeleted } = {},
  ): this {
    return this.take({ kind: "listed", snapshot, key, withDeleted, folder: listing });
  }

  get lines(): string[] {
    return draw(this.state, { timeZone: "UTC" }).map(({ text }) => text.trimEnd());
  }

  /** The line under the cursor. */
  get here(): string {
    return (
      draw(this.state, { timeZone: "UTC" })
        .find(({ look }) => look === "cursor")
        ?.text.trim()
        .split(/ {2,}/)[0] ?? ""
    );
  }

  get taken(): Wish[] {
    return this.wishes.splice(0);
  }

  #go({ state, wishes }: Step): void {
    this.state = state;
    this.wishes.push(...wishes);
  }
}

const home = () =>
  new Session()
    .list("", there(folder("etc"), folder("home")))
    .press("down", "right")
    .list("home", there(folder("home/a"), file("home/letter.txt")));

test("folders open and close, the cursor goes in and out, and nothing is asked twice", () => {
  const at = home();
  expect(at.taken).toMatchObject([
    { kind: "list", key: "" },
    { kind: "list", key: "home", snapshot: 3 },
  ]);
  expect(at.lines.slice(1, 5).map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
    "▸ etc/",
    "▾ home/",
    "▸ a/",
    "letter.txt",
  ]);
  expect(at.press("right").here).toBe("▸ a/");
  expect(at.press("down").here).toBe("letter.txt");
  expect(at.press("left").here).toBe("▾ home/");
  expect(at.press("left").here).toBe("▸ home/");
  expect(at.press("enter").taken).toEqual([]);
  expect(at.lines).toHaveLength(12);
  expect(at.press("q").taken).toEqual([{ kind: "quit" }]);
});

test("one snapshot earlier or later the same folders are open, and the cursor is where it was", () => {
  const at = home().press("down", "down");
  expect(at.here).toBe("letter.txt");
  at.taken;
  at.press("[");
  expect(at.taken).toEqual([{ kind: "list", snapshot: 2, key: "", withDeleted: false }]);
  at.list("", there(folder("bin"), folder("home")), { snapshot: 3 });
  expect(at.taken).toEqual([]);
  at.list("", there(folder("bin"), folder("etc"), folder("home")));
  expect(at.taken).toEqual([{ kind: "list", snapshot: 2, key: "home", withDeleted: false }]);
  at.list("home", there(file("home/b"), file("home/letter.txt")));
  expect(at.here).toBe("letter.txt");
  expect(at.lines[0]).toContain("#2  2026-11-02 12:00:00 UTC  (2 of 3)");
  at.press("[", "[");
  expect(at.lines.at(-2)).toBe("This is the oldest one.");
});

test("what is deleted is shown on request, and restored from the snapshot that has it last", () => {
  const at = home().press("d");
  expect(at.taken.at(-1)).toEqual({ kind: "list", snapshot: 3, key: "", withDeleted: true });
  at.list("", there(folder("home"))).list("home", there(file("home/here"), { entry: file("home/gone"), last: 1 }));
  at.press("end");
  expect(at.lines.find((line) => line.includes("gone"))).toContain("deleted, last in #1");
  at.press("r", ..."/back", "enter");
  expect(at.taken.at(-1)).toMatchObject({
    kind: "plan",
    target: "/back",
    chosen: [{ snapshot: 1 }],
    existing: "rename",
  });
});

test("a restore says first what it would do, is made on enter only, and tells how it ended", () => {
  const at = home().press("end", " ", "r", ..."/back", "enter");
  expect(at.press("enter").taken.at(-1)).toMatchObject({ kind: "plan" });
  const plan = { files: 1, bytes: 3, folders: 1, others: 0, kept: 0, bytesToFetch: 9, problems: [], problemCount: 0 };
  at.take({ kind: "planned", target: "/elsewhere", existing: "rename", plan });
  expect(at.lines.join("\n")).toContain("Looking what it would be");
  at.take({ kind: "planned", target: "/back", existing: "rename", plan });
  expect(at.lines.join("\n")).toContain("1 file, 3 B");
  const problem = { path: "/\x1b]0;mine\x07", code: "restore/exists", message: "\x1b[2J" };
  expect(factsOf({ ...plan, problems: [problem], problemCount: 1 }).at(-1)).toBe("   /\\e]0;mine\\x07: \\e[2J");
  at.press("e");
  expect(at.taken.at(-1)).toMatchObject({ kind: "plan", existing: "keep" });
  at.take({ kind: "planned", target: "/back", existing: "rename", plan });
  expect(at.press("enter").taken).toEqual([]);
  at.take({ kind: "planned", target: "/back", existing: "keep", plan }).press("enter");
  const [wish] = at.taken;
  expect(wish).toMatchObject({ kind: "restore", target: "/back", existing: "keep" });
  expect(at.press("ctrl-c").taken).toEqual([{ kind: "stop" }]);
  at.take({ kind: "restored", lines: ["Restored 1 file"], isWhole: true });
  expect(at.lines[1]).toBe(" Restored 1 file");
  expect(at.press("escape").state).toMatchObject({ mode: { kind: "tree" }, chosen: new Map() });
});

test("hits come in while they are looked at, and one leads to its place in the tree", () => {
  const at = home().press("/", ..."note", "enter");
  expect(at.taken.slice(-2)).toEqual([
    { kind: "stop" },
    { kind: "search", snapshot: 3, pattern: "note", everywhere: false },
  ]);
  const hit = (path: string) => ({ snapshot: 3, path: Buffer.from(path), entry: file(path) });
  at.take({ kind: "found", pattern: "other", hits: [hit("x")], isDone: true });
  at.take({ kind: "found", pattern: "note", hits: [hit("etc/a/note")], isDone: false });
  at.take({ kind: "found", pattern: "note", hits: [hit("home/note")], isDone: true });
  expect(at.lines.slice(1, 3).map((line) => line.trim().split(/ {2,}/)[0])).toEqual(["/etc/a/note", "/home/note"]);
  at.press("enter");
  expect(at.taken).toEqual([
    { kind: "list", snapshot: 3, key: "etc", withDeleted: false },
    { kind: "list", snapshot: 3, key: "etc/a", withDeleted: false },
  ]);
  at.list("etc", there(folder("etc/a"))).list("etc/a", there(file("etc/a/m"), file("etc/a/note")));
  expect(at.here).toBe("note");
});

test("versions are chosen one by one, each from its own snapshot", () => {
  const at = home().press("end", "v");
  const version = (first: number, last: number): Version => ({
    entry: file("home/letter.txt"),
    first: view(first),
    last: view(last),
  });
  at.take({ kind: "versions", path: Buffer.from("home/letter.txt"), versions: [version(3, 3), version(1, 2)] });
  at.press(" ", "down", " ", "r", ..."/b", "enter");
  expect(at.taken.at(-1)).toMatchObject({ chosen: [{ snapshot: 3 }, { snapshot: 2 }] });
});

test("a question that fails leaves the tree and says why; an empty answer asks nothing", () => {
  const at = home().press("end", "v").take({ kind: "failed", reason: "The service can't be reached." });
  expect(at.state.mode.kind).toBe("tree");
  expect(at.lines.at(-2)).toBe("The service can't be reached.");
  at.taken;
  expect(at.press("@", "enter", "/", "x", "backspace", "backspace").taken).toEqual([]);
  expect(at.state.mode.kind).toBe("tree");
});

test("of a folder with 100,000 entries only what is on the screen is made into lines", () => {
  let asked = 0;
  const many = Array.from({ length: 100_000 }, (_, at) => file(`f${String(at).padStart(6, "0")}`));
  const counted = many.map((entry) => ({
    get entry() {
      asked++;
      return entry;
    },
  }));
  const at = new Session().list("", { kind: "there", nodes: counted });
  asked = 0;
  expect(at.press("end").here).toBe("f099999");
  expect(at.press("page-up", "up").here).toBe("f099989");
  expect(asked).toBeLessThan(200);
});

test.each([
  [80, 24],
  [34, 10],
  [12, 4],
  [1, 1],
  [200, 60],
])(
  "on %i columns and %i rows no line is too wide, whatever a name holds, and no name moves the cursor",
  (columns, rows) => {
    const hostile = [
      "evil\x1b[2J\x1b]0;title\x07",
      "two\nlines\r",
      "right\u202eto left",
      "日本語の長い長い長い長い長い長い長いファイル名",
      "e\u0301".repeat(90),
      "x".repeat(255),
    ].map((name) => file(name));
    const at = new Session({ columns, rows }).list(
      "",
      there(...hostile, file(Buffer.from([0xff, 0xfe, 0x1b])), folder("z")),
    );
    const modes = [[], ["?"], ["escape", "s"], ["escape", "/", "\u202e"], ["escape", "home", "r"]];
    for (const keys of modes) {
      at.press(...keys);
      const lines = draw(at.state, { timeZone: "UTC" });
      expect(lines).toHaveLength(rows);
      for (const { text } of lines) {
        expect(width(text)).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
      }
    }
  },
);

test("arrows and the like are keys, however they are cut; what nobody knows is nothing", () => {
  const keys = new Keys();
  expect(keys.of("a\x1b[A\x1bOBé\r\x7f\x03")).toEqual(["a", "up", "down", "é", "enter", "backspace", "ctrl-c"]);
  expect([keys.of("\x1b"), keys.isOpen, keys.of("[5"), keys.of("~")]).toEqual([[], true, [], ["page-up"]]);
  expect([keys.of("\x1b"), keys.flush(), keys.isOpen]).toEqual([[], ["escape"], false]);
  expect(keys.of("\x1b[200~x\x1b[1;5Cy\x00")).toEqual(["x", "y"]);
  expect([keys.of(Buffer.from([0xc3])), keys.of(Buffer.from([0xa4]))]).toEqual([[], ["ä"]]);
});
