/**
 * A tree with everything that backups get wrong. It is made with the system's own tools where there are any, not with the code under
 * test. What this machine or user can't make is left out and named in the answer.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface MadeTree {
  /** Commands that failed here, with their complaint. */
  readonly leftOut: readonly string[];
}

/** `folder` is made. */
export function makeTree(folder: string): MadeTree {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const isRoot = process.geteuid?.() === 0;

  makeNames(folder);
  makeModes(at);
  makeLinks(at);
  makeSparse(at);
  makeSizes(at);
  if (process.platform === "linux") makeDeep(folder);
  const script = [...attributes(), ...specials(isRoot)];
  if (isRoot) makeOwners(at);
  // Attributes after owners (a change of owner drops capabilities), times last, folders after their contents.
  return { leftOut: run(folder, [...script, ...times()]) };
}

/** Deterministic, and not compressible. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}

const ODD_NAMES: readonly (string | Buffer)[] = [
  "new\nline",
  "-leading dash",
  "trailing space ",
  " leading space",
  "tab\there",
  "back\\slash",
  'quote\'s "names"',
  "*star?[x]",
  "$HOME `id`",
  "ünïcödé",
  "u\u0308ni", // Decomposed.
  "😀 emoji 👩‍👩‍👧",
  "\u202Eright to left\u202C עברית",
  "...",
  "..a",
  "#comment",
  "!bang",
  "~",
  "a:b",
  "CON",
  "x".repeat(255),
  Buffer.from([0x69, 0x6e, 0x76, 0xff, 0xfe, 0x80]),
  Buffer.from([0xc3]),
  Buffer.from([0x01, 0x7f, 0x1b]),
];

function makeNames(folder: string): void {
  mkdirSync(join(folder, "names"));
  for (const name of ODD_NAMES) {
    const path = Buffer.concat([Buffer.from(`${folder}/names/`), Buffer.from(name)]);
    writeFileSync(path, `content of ${Buffer.from(name).toString("hex")}`);
  }
  const odd = Buffer.concat([Buffer.from(`${folder}/names/`), Buffer.from([0xe9, 0x2d])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from("/inside")]), "in a folder whose name is not UTF-8");
  // The order of a catalog is not that of whole strings: `a/x` comes before `a-b`, which comes before `ab`.
  for (const name of ["a", "a-b", "ab"]) {
    mkdirSync(join(folder, "names", name));
    writeFileSync(join(folder, "names", name, "x"), name);
  }
}

function makeModes(at: (name: string) => string): void {
  mkdirSync(at("modes"));
  for (const mode of [0o000, 0o400, 0o644, 0o755, 0o777, 0o4755, 0o2755, 0o6711, 0o1644]) {
    const path = at(`modes/file-${mode.toString(8)}`);
    writeFileSync(path, `mode ${mode.toString(8)}`);
    chmodSync(path, mode);
  }
  for (const mode of [0o500, 0o700, 0o755, 0o1777, 0o2775]) {
    const path = at(`modes/folder-${mode.toString(8)}`);
    mkdirSync(path);
    writeFileSync(join(path, "inside"), "x");
    chmodSync(path, mode);
  }
  mkdirSync(at("empty-folder"));
}

function makeLinks(at: (name: string) => string): void {
  mkdirSync(at("links"));
  mkdirSync(at("links/folder"));
  writeFileSync(at("links/file"), "the file itself");
  symlinkSync("file", at("links/relative"));
  symlinkSync("folder", at("links/to-folder"));
  symlinkSync("nowhere/at all", at("links/dangling"));
  symlinkSync("/etc/hostname", at("links/absolute"));
  symlinkSync("../../../../../../..", at("links/upwards"));
  symlinkSync("self", at("links/self"));
  symlinkSync(`${"long/".repeat(800)}end`, at("links/long"));
  symlinkSync(Buffer.from([0xff, 0x2f, 0xfe]), at("links/not-utf-8"));
  linkSync(at("links/file"), at("links/folder/hard-1"));
  linkSync(at("links/file"), at("links/z-hard-2"));
  linkSync(at("links/relative"), at("links/folder/hard-symlink"));
  writeFileSync(at("links/empty"), "");
  linkSync(at("links/empty"), at("links/empty-too"));
}

function makeSparse(at: (name: string) => string): void {
  mkdirSync(at("sparse"));
  const MIB = 1_048_576;
  const cases: readonly { name: string; size: number; data: readonly [number, number][] }[] = [
    { name: "all-hole", size: 5 * MIB, data: [] },
    { name: "head", size: 3 * MIB, data: [[2 * MIB, MIB]] },
    {
      name: "middle",
      size: 4 * MIB,
      data: [
        [0, 70_000],
        [3 * MIB, MIB],
      ],
    },
    { name: "tail", size: 4 * MIB + 123, data: [[0, MIB]] },
    {
      name: "many",
      size: 8 * MIB,
      data: Array.from({ length: 64 }, (_, index): [number, number] => [index * 131_072 + 65_536, 4_096]),
    },
    { name: "huge", size: 2 ** 40, data: [[2 ** 39, 8_192]] },
  ];
  for (const { name, size, data } of cases) {
    const fd = openSync(at(`sparse/${name}`), "wx");
    ftruncateSync(fd, size);
    for (const [offset, length] of data) writeSync(fd, noise(length, offset + 1), 0, length, offset);
    closeSync(fd);
  }
}

function makeSizes(at: (name: string) => string): void {
  mkdirSync(at("sizes"));
  for (const size of [0, 1, 4_095, 4_096, 4_097, 262_143, 262_144, 262_145, 1_048_576, 5_000_000]) {
    writeFileSync(at(`sizes/${size}`), noise(size, size + 7));
  }
  writeFileSync(at("sizes/zeros"), Buffer.alloc(600_000));
  writeFileSync(at("sizes/same-as-5000000"), noise(5_000_000, 5_000_007));
}

function makeOwners(at: (name: string) => string): void {
  mkdirSync(at("owners"));
  writeFileSync(at("owners/numbers"), "nobody has these numbers");
  chownSync(at("owners/numbers"), 123_456, 654_321);
  writeFileSync(at("owners/largest"), "");
  chownSync(at("owners/largest"), 4_294_967_294, 4_294_967_294);
  writeFileSync(at("owners/named"), "daemon");
  chownSync(at("owners/named"), 1, 1);
  symlinkSync("named", at("owners/link"));
  lchownSync(at("owners/link"), 2, 2);
  writeFileSync(at("owners/set-id"), "x");
  chownSync(at("owners/set-id"), 1, 1);
  chmodSync(at("owners/set-id"), 0o6755);
}

function attributes(): string[] {
  return [
    "mkdir attributes",
    "echo text > attributes/user; setfattr -n user.comment -v 'a comment' attributes/user",
    "setfattr -n user.binary -v 0x00ff000a attributes/user",
    "setfattr -n user.empty attributes/user",
    `echo big > attributes/big; setfattr -n user.big -v ${"v".repeat(3_000)} attributes/big`,
    "mkdir attributes/folder; setfattr -n user.comment -v folder attributes/folder",
    "echo acl > attributes/acl; setfacl -m u:1:r,g:2:rw,m::rw attributes/acl",
    "mkdir attributes/default-acl; setfacl -m u:1:rwx -d -m u:2:rwx,g::r attributes/default-acl",
    "echo inherits > attributes/default-acl/inherits",
    "mkdir attributes/default-acl/below",
    "echo none > attributes/default-acl/without; setfacl -b attributes/default-acl/without",
  ];
}

function specials(isRoot: boolean): string[] {
  const forAll = ["mkdir special", "mkfifo -m 640 special/fifo", "ln special/fifo special/fifo-too"];
  if (!isRoot) return forAll;
  return [
    ...forAll,
    "mknod -m 666 special/null c 1 3",
    "mknod -m 600 special/block b 7 200",
    "mknod -m 600 special/large-numbers c 511 1000000",
    "ln -s fifo special/link && setfattr -h -n trusted.link -v 1 special/link",
    "cp /bin/true special/capable && setcap cap_net_raw+ep special/capable",
    "setfattr -n trusted.secret -v kept special/capable",
  ];
}

/** A path longer than the system takes in one call, and one of many folders. */
function makeDeep(folder: string): void {
  const long = (index: number) => `${"d".repeat(200)}${index}`;
  atDepth(join(folder, "deep"), 30, long, (bottom) => {
    writeFileSync(`${bottom}/file`, "at the bottom");
    utimesSync(`${bottom}/file`, 1_000_000_000.5, 1_000_000_000.5);
    symlinkSync("file", `${bottom}/link`);
    mkdirSync(`${bottom}/folder`);
    linkSync(`${bottom}/file`, `${bottom}/folder/hard`);
  });
  atDepth(
    join(folder, "many"),
    300,
    () => "f",
    (bottom) => writeFileSync(`${bottom}/bottom`, "x"),
  );
}

/** Makes `depth` folders in one another, each through its open parent, and calls `fill` in the last. */
function atDepth(folder: string, depth: number, name: (index: number) => string, fill: (bottom: string) => void): void {
  mkdirSync(folder);
  let fd = openSync(folder, "r");
  for (let index = 0; index < depth; index++) {
    const next = `/proc/self/fd/${fd}/${name(index)}`;
    mkdirSync(next);
    const inner = openSync(next, "r");
    closeSync(fd);
    fd = inner;
  }
  fill(`/proc/self/fd/${fd}`);
  closeSync(fd);
}

function times(): string[] {
  return [
    "mkdir times times/folder",
    ...[
      "-2000000000.123456789",
      "-1.000000001",
      "-0.5",
      "0",
      "0.000000001",
      "1234567890.987654321",
      "2147483648.1",
      "4294967297.999999999",
      "9000000000.25",
    ].map((time, index) => `echo ${time} > times/t${index}; touch -d @${time} times/t${index}`),
    "ln -s t1 times/link; touch -h -d @-100.25 times/link",
    "touch -h -d @1111111111.111111111 links/relative links/dangling special/fifo",
    "touch -d @1222222222.222222222 times/folder empty-folder",
    "touch -d @-5.75 times attributes/default-acl names/a",
    "touch -d @1333333333.333333333 .",
  ];
}

/** Returns the lines that failed. */
function run(folder: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const { status, stderr } = spawnSync("sh", ["-c", line], { cwd: folder, encoding: "utf8" });
    return status === 0 && stderr === "" ? [] : [`${line.slice(0, 120)}: ${stderr.trim().slice(0, 200)}`];
  });
}
