/** Vectors for pages (format §6.1 to §6.4). */
import type { Entry } from "../../agent/model/entry.ts";
import { decodePage, encodeParent, LeafWriter, type PageChild } from "../../agent/model/page.ts";
import { ByteWriter } from "../../base/bytes.ts";
import { entryToJson } from "../../test/support/entry-json.ts";
import { hex, refusal, someId, spoiled, stream } from "./fixed.ts";

const OWNER = { uid: 1000, gid: 100, user: "ada", group: "users" };
const base = {
  mode: 0o644,
  owner: OWNER,
  mtimeSeconds: 1_700_000_000,
  mtimeNanoseconds: 5,
  attributes: [],
  linkGroup: undefined,
};
const at = (path: string | Buffer) => ({ ...base, path: Buffer.from(path) });
const slice = (name: string, offset: number, length: number) =>
  ({ kind: "chunk", chunk: someId(name), offset, length }) as const;
const hole = (length: number) => ({ kind: "hole", length }) as const;

const everything: readonly Entry[] = [
  { ...at("dev"), type: "folder", mode: 0o755, mtimeSeconds: -1, mtimeNanoseconds: 999_999_999 },
  { ...at("dev/block"), type: "block-device", major: 7, minor: 200 },
  {
    ...at("dev/null"),
    type: "character-device",
    major: 1,
    minor: 3,
    owner: { uid: 0, gid: 0, user: "root", group: "root" },
  },
  { ...at("dev/pipe"), type: "fifo", mode: 0o600 },
  { ...at("dev/socket"), type: "socket", mode: 0o777 },
  { ...at("home/a"), type: "file", sizeBytes: 0, changing: false, content: { kind: "slices", slices: [] } },
  {
    ...at("home/a/b"),
    type: "file",
    sizeBytes: 10,
    changing: true,
    content: { kind: "slices", slices: [slice("x", 0, 10)] },
    mode: 0o7777,
  },
  {
    ...at("home/a-b"),
    type: "file",
    sizeBytes: 4_194_304,
    changing: false,
    content: { kind: "slices", slices: [slice("y", 0, 4_194_304)] },
  },
  {
    ...at("home/holes"),
    type: "file",
    sizeBytes: 2 ** 40 + 30,
    changing: false,
    content: { kind: "slices", slices: [hole(2 ** 40), slice("x", 100, 20), hole(10)] },
  },
  { ...at("home/link"), type: "symlink", target: Buffer.from([0xff, 0x2f, 0xfe]), mode: 0o777 },
  {
    ...at("home/list"),
    type: "file",
    sizeBytes: 2 ** 53 - 1,
    changing: true,
    content: { kind: "list", list: someId("list") },
  },
  { ...at("home/missing"), type: "file", sizeBytes: 12_345, changing: false, content: { kind: "missing" } },
  {
    ...at("home/one"),
    type: "file",
    sizeBytes: 10,
    changing: false,
    content: { kind: "slices", slices: [slice("y", 5, 10)] },
    linkGroup: Buffer.from("0102030405060708", "hex"),
  },
  {
    ...at("home/other"),
    type: "file",
    sizeBytes: 10,
    changing: false,
    content: { kind: "slices", slices: [slice("y", 5, 10)] },
    linkGroup: Buffer.from("0102030405060708", "hex"),
  },
  {
    ...at("home/xattrs"),
    type: "folder",
    owner: { uid: 4_294_967_294, gid: 4_294_967_294, user: "", group: "größe" },
    attributes: [
      { name: Buffer.from("system.posix_acl_access"), value: stream("acl", 28) },
      { name: Buffer.from("user.empty"), value: Buffer.alloc(0) },
      { name: Buffer.from("user.z"), value: Buffer.from([0, 255]) },
    ],
  },
  {
    ...at(Buffer.from([0x69, 0x6e, 0xc3])),
    type: "file",
    sizeBytes: 32,
    changing: false,
    content: { kind: "slices", slices: Array.from({ length: 32 }, (_, index) => slice(`s${index}`, index, 1)) },
  },
  { ...at(Buffer.from([0x69, 0x6e, 0xff, 0xfe, 0x0a])), type: "folder", mtimeSeconds: -8_000_000_000_000 },
];

const children: readonly PageChild[] = [
  { firstPath: Buffer.from("a"), page: someId("p1"), entries: 64, bytes: 0 },
  { firstPath: Buffer.from("a/b/c"), page: someId("p2"), entries: 2048, bytes: 2 ** 52 },
  { firstPath: Buffer.from("a/b-c"), page: someId("p1"), entries: 64, bytes: 0 },
  { firstPath: Buffer.from([0xff]), page: someId("p3"), entries: 1, bytes: 7 },
];

export function leafOf(entries: readonly Entry[]): { plain: Buffer; links: Buffer } {
  const leaf = new LeafWriter();
  for (const entry of entries) leaf.add(entry);
  return leaf.finish();
}

export function pages() {
  const leaves: [string, readonly Entry[]][] = [
    ["empty", []],
    ["every type and flag", everything],
    ["the longest component", [{ ...at("x".repeat(1024)), type: "folder" }]],
  ];
  const parents: [string, number, readonly PageChild[]][] = [
    ["four children, two the same page", 1, children],
    ["one child", 2, children.slice(0, 1)],
  ];
  return {
    good: [
      ...leaves.map(([name, entries]) => {
        const { plain, links } = leafOf(entries);
        return { name, bytes: hex(plain), links: hex(links), level: 0, entries: entries.map(entryToJson) };
      }),
      ...parents.map(([name, level, children]) => {
        const { plain, links } = encodeParent(level, children);
        const asJson = children.map(({ firstPath, page, entries, bytes }) => ({
          firstPath: hex(firstPath),
          page: hex(page),
          entries,
          bytes,
        }));
        return { name, bytes: hex(plain), links: hex(links), level, children: asJson };
      }),
    ],
    bad: badOnes().map(({ name, bytes }) => ({ name, bytes: hex(bytes), ...refusal(name, () => decodePage(bytes)) })),
  };
}

/** A leaf by hand: whatever is not given is one ordinary file of two slices. */
interface Leaf {
  readonly ids?: readonly Buffer[];
  readonly idCount?: number;
  readonly ownerCount?: number;
  readonly entryCount?: number;
  readonly entries?: readonly Partial<RawEntry>[];
}

interface RawEntry {
  readonly shared: number;
  readonly suffix: Buffer | string;
  readonly type: number;
  readonly flags: number;
  readonly mode: number;
  readonly owner: number;
  readonly nanoseconds: number;
  /** All behind the nanoseconds. */
  readonly rest: (out: ByteWriter) => unknown;
}

const twoSlices = (out: ByteWriter) =>
  out.varint(30).varint(2).varint(1).varint(0).varint(10).varint(2).varint(7).varint(20);
const nothing = (out: ByteWriter) => out;

function leafByHand({
  ids = [someId("a"), someId("b")],
  idCount,
  ownerCount = 1,
  entryCount,
  entries = [{}],
}: Leaf): Buffer {
  const out = new ByteWriter()
    .bytes(Buffer.from("HFPG"))
    .u8(1)
    .u8(0)
    .varint(idCount ?? ids.length);
  for (const id of ids) out.bytes(id);
  out.varint(ownerCount).varint(0).varint(0).string(Buffer.from("root")).string(Buffer.from("root"));
  out.varint(entryCount ?? entries.length);
  for (const entry of entries) {
    const {
      shared = 0,
      suffix = "file",
      type = 0,
      flags = 0,
      mode = 0o644,
      owner = 0,
      nanoseconds = 0,
      rest = twoSlices,
    } = entry;
    out
      .varint(shared)
      .string(Buffer.from(suffix))
      .u8(type)
      .varint(flags)
      .varint(mode)
      .varint(owner)
      .svarint(0)
      .varint(nanoseconds);
    rest(out);
  }
  return out.take();
}

const folder = (suffix: Buffer | string, more: Partial<RawEntry> = {}) => ({ suffix, type: 1, rest: nothing, ...more });

function badOnes(): { name: string; bytes: Buffer }[] {
  decodePage(leafByHand({})); // The right one is right.
  decodePage(leafByHand({ ids: [], entries: [folder("a"), folder("b")] }));
  const [a, b] = [someId("a"), someId("b")];
  const named = (name: string, suffix: Buffer | string) => ({
    name,
    bytes: leafByHand({ ids: [], entries: [folder(suffix)] }),
  });
  const file = (
    name: string,
    rest: (out: ByteWriter) => unknown,
    more: Partial<RawEntry> = {},
    ids: Buffer[] = [a, b],
  ) => ({
    name,
    bytes: leafByHand({ ids, entries: [{ ...more, rest }] }),
  });
  const pair = (name: string, first: Partial<RawEntry>, second: Partial<RawEntry>) => ({
    name,
    bytes: leafByHand({ ids: [], entries: [first, second] }),
  });
  const attributes = (name: string, write: (out: ByteWriter) => unknown) => ({
    name,
    bytes: leafByHand({ ids: [], entries: [folder("a", { flags: 1, rest: write })] }),
  });
  const text = (value: string) => Buffer.from(value);
  const parent = (name: string, write: (out: ByteWriter) => unknown, ids: readonly Buffer[] = [a, b], level = 1) => {
    const out = new ByteWriter().bytes(text("HFPG")).u8(1).u8(level).varint(ids.length);
    for (const id of ids) out.bytes(id);
    write(out);
    return { name, bytes: out.take() };
  };
  const child = (out: ByteWriter, shared: number, suffix: string, id: number) =>
    out.varint(shared).string(text(suffix)).varint(id).varint(1).varint(1);
  const overlong = leafByHand({ ids: [], entries: [folder("abc")] });
  return [
    ...spoiled(leafByHand({}), "HFPG"),
    { name: "of an impossible level", bytes: Buffer.concat([text("HFPG"), Buffer.from([1, 17, 0, 0])]) },
    {
      name: "an overlong count of entries",
      bytes: Buffer.concat([overlong.subarray(0, 20), Buffer.from([0x81, 0]), overlong.subarray(21)]),
    },
    { name: "more ids than there is room for", bytes: leafByHand({ idCount: 2 ** 40 }) },
    { name: "more owners than there is room for", bytes: leafByHand({ ownerCount: 2 ** 40 }) },
    { name: "more entries than there is room for", bytes: leafByHand({ entryCount: 2 ** 40 }) },
    { name: "one entry too many", bytes: leafByHand({ entryCount: 2 }) },
    { name: "one entry too few", bytes: leafByHand({ entries: [folder("a"), folder("b")], ids: [], entryCount: 1 }) },
    { name: "an id that stands twice", bytes: leafByHand({ ids: [a, a] }) },
    { name: "an id that is not used", bytes: leafByHand({ ids: [a, b, someId("c")] }) },
    file("ids that are used out of order", (out) =>
      out.varint(2).varint(2).varint(2).varint(0).varint(1).varint(1).varint(0).varint(1),
    ),
    file("an id that is not there", (out) => out.varint(1).varint(1).varint(9).varint(0).varint(1)),
    named("an empty path", ""),
    named("an absolute path", "/etc"),
    named("a path that ends with a slash", "etc/"),
    named("a path with two slashes", "a//b"),
    named("the component .", "a/./b"),
    named("the component ..", "../etc/passwd"),
    named("the component .. at the end", "a/.."),
    named("only ..", ".."),
    named("a path with NUL", Buffer.from([0x61, 0, 0x62])),
    named("a component of 1,025 bytes", "x".repeat(1025)),
    pair("entries that are not in order", folder("b"), folder("a")),
    pair("a path that stands twice", folder("a"), { ...folder(""), shared: 1 }),
    pair("a folder's contents behind its sibling", folder("a-b"), folder("a/b")),
    pair("more shared bytes than there are", folder("a"), { ...folder("b"), shared: 2 }),
    { name: "shared bytes in the first entry", bytes: leafByHand({ ids: [], entries: [folder("a", { shared: 1 })] }) },
    { name: "an unknown type", bytes: leafByHand({ ids: [], entries: [folder("a", { type: 7 })] }) },
    { name: "an unknown flag", bytes: leafByHand({ ids: [], entries: [folder("a", { flags: 32 })] }) },
    { name: "a folder that was changing", bytes: leafByHand({ ids: [], entries: [folder("a", { flags: 8 })] }) },
    { name: "a folder without content", bytes: leafByHand({ ids: [], entries: [folder("a", { flags: 16 })] }) },
    { name: "a list of a folder", bytes: leafByHand({ ids: [], entries: [folder("a", { flags: 4 })] }) },
    { name: "a mode of 13 bits", bytes: leafByHand({ ids: [], entries: [folder("a", { mode: 0o10000 })] }) },
    { name: "an owner that is not there", bytes: leafByHand({ ids: [], entries: [folder("a", { owner: 1 })] }) },
    {
      name: "a thousand million nanoseconds",
      bytes: leafByHand({ ids: [], entries: [folder("a", { nanoseconds: 1_000_000_000 })] }),
    },
    file("slices that don't sum to the size", (out) =>
      out.varint(31).varint(2).varint(1).varint(0).varint(10).varint(2).varint(7).varint(20),
    ),
    file("a size without slices", (out) => out.varint(5).varint(0), {}, []),
    file("slices of an empty file", (out) => out.varint(0).varint(1).varint(1).varint(0).varint(0), {}, [a]),
    file(
      "33 slices",
      (out) => {
        out.varint(33).varint(33);
        for (let number = 0; number < 33; number++) out.varint(0).varint(1);
      },
      {},
      [],
    ),
    file("an empty hole", (out) => out.varint(1).varint(2).varint(0).varint(0).varint(1).varint(0).varint(1), {}, [a]),
    file("a slice beyond 4 MiB", (out) => out.varint(2).varint(1).varint(1).varint(4_194_303).varint(2), {}, [a]),
    file("a list and no content", (out) => out.varint(5).varint(0), { flags: 20 }, [a]),
    file("an empty file with a list", (out) => out.varint(0).varint(0), { flags: 4 }, [a]),
    file("a symlink whose target is cut", (out) => out.varint(9).bytes(text("short")), { type: 2 }, []),
    file("a link group that is cut", (out) => out.u32(1), { type: 1, flags: 2 }, []),
    attributes("attributes that are announced and not there", (out) => out.varint(0)),
    attributes("attributes that are not sorted", (out) =>
      out.varint(2).string(text("b")).string(text("")).string(text("a")).string(text("")),
    ),
    attributes("an attribute that stands twice", (out) =>
      out.varint(2).string(text("a")).string(text("")).string(text("a")).string(text("x")),
    ),
    attributes("more attributes than there is room for", (out) => out.varint(1000).string(text("a")).string(text(""))),
    attributes("an attribute longer than there is room for", (out) =>
      out
        .varint(1)
        .string(text("a"))
        .varint(2 ** 50),
    ),
    parent("a parent without children", (out) => out.varint(0), []),
    parent("a parent with a child too few", (out) => child(child(out.varint(1), 0, "a", 0), 0, "b", 1)),
    parent("a parent with more children than there is room for", (out) => child(out.varint(2 ** 30), 0, "a", 0), [a]),
    parent("children that are not in order", (out) => child(child(out.varint(2), 0, "b", 0), 0, "a", 1)),
    parent("children with the same first path", (out) => child(child(out.varint(2), 0, "a", 0), 1, "", 1)),
    parent("a child that is not there", (out) => child(child(out.varint(2), 0, "a", 0), 0, "b", 2)),
    parent("a child that is not used", (out) => child(out.varint(1), 0, "a", 0)),
    parent("a child with more shared bytes than there are", (out) => child(child(out.varint(2), 0, "a", 0), 2, "b", 1)),
    parent("a child that begins outside", (out) => child(out.varint(1), 0, "../a", 0), [a]),
  ];
}
