import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileEntry, folderEntry, symlinkEntry } from "../../test/support/entries-to-store.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { catalogPath } from "../disk/disk-path.ts";
import type { Entry } from "../model/entry.ts";
import type { Frame } from "./file-frames.ts";
import { type ReceiveOptions, receiveFiles } from "./receive-files.ts";

const WHOLE: Frame = { kind: "whole", files: 0 };

const entry = (given: object): Frame => ({ kind: "entry", entry: given as Entry });

/** As the service sends it: without saying where its content lies. */
function file(path: string, text: string, more: object = {}): Frame[] {
  const { content: _, ...made } = fileEntry(path, text, more);
  const bytes = Buffer.from(text);
  return [
    entry({ ...made, sizeBytes: bytes.length, content: { kind: "missing" } }),
    { kind: "bytes", bytes },
    { kind: "end" },
  ];
}

async function receive(frames: readonly Frame[], folder: string, more: Partial<ReceiveOptions> = {}) {
  const told: string[] = [];
  const source = async function* () {
    yield* frames;
  };
  const outcome = await receiveFiles(source(), {
    folder,
    below: Buffer.alloc(0),
    bounds: { within: [catalogPath(folder)], except: Buffer.from("no/agent/here") },
    existing: "rename",
    isAgain: false,
    snapshot: 1,
    clock: steeredClock(),
    fetchedBytes: () => 0,
    toService: async ({ status, code }) => void told.push(code ? `${status} ${code}` : status),
    ...more,
  }).catch((error: { code: string }) => error);
  return { outcome, told };
}

const below = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();

test("nothing comes through a link, whoever made it, and nothing outside the folder", async () => {
  const [folder, outside] = [tempFolder(), tempFolder()];
  symlinkSync(outside, join(folder, "bent"));
  const frames = [
    entry(symlinkEntry("evil", outside)),
    ...file("evil/inside", "through the link that came"),
    ...file("bent/inside", "through the link that was there"),
    ...file("../above", "by dots"),
    ...file("good", "good"),
    WHOLE,
  ];
  const { outcome, told } = await receive(frames, folder);
  expect(outcome).toMatchObject({ result: "incomplete", filesRetrieved: 1, problemCount: 3 });
  expect(told).toEqual(["incomplete restore/exists"]);
  expect(below(outside)).toEqual([]);
  expect(existsSync(join(folder, "..", "above"))).toBe(false);
  expect(readFileSync(join(folder, "good"), "utf8")).toBe("good");
  const bent = await receive([...file("x", "x"), WHOLE], folder, { below: Buffer.from("bent/deep") });
  expect(bent.outcome).toMatchObject({ filesRetrieved: 0, problemCount: 1 });
  expect(below(outside)).toEqual([]);
});

test("what the service sends beside what was ordered comes nowhere: not outside the approved folders, not into the agent's own", async () => {
  const top = tempFolder();
  for (const name of ["approved", "approved/agent", "secret"]) mkdirSync(join(top, name));
  const at = (name: string): string => catalogPath(join(top, name)).toString();
  const bounds = { within: [catalogPath(join(top, "approved"))], except: catalogPath(join(top, "approved/agent")) };
  const frames = [
    entry(folderEntry(at(""), { mode: 0o777 })),
    ...file(at("secret/cron"), "* * * * * root evil"),
    ...file(at("approved2"), "named alike"),
    entry(symlinkEntry(at("secret/link"), "/etc")),
    entry(folderEntry(at("secret/folder"))),
    ...file(at("approved/agent/policy.json"), "{}"),
    ...file(at("approved/good"), "good"),
    WHOLE,
  ];
  const { outcome, told } = await receive(frames, "/", { bounds });
  expect(outcome).toMatchObject({ result: "incomplete", filesRetrieved: 1, others: 0, folders: 0, problemCount: 5 });
  expect(told).toEqual(["incomplete restore/not-unasked"]);
  expect(below(top)).toEqual(["approved", "approved/agent", "approved/good", "secret"]);
  expect(statSync(top).mode & 0o777).not.toBe(0o777);
});

test("a folder that became a link after it was judged gets nothing", async () => {
  const [top, outside] = [tempFolder(), tempFolder()];
  symlinkSync(outside, join(top, "approved"));
  const { outcome } = await receive([...file("x", "x"), WHOLE], join(top, "approved"));
  expect(outcome).toMatchObject({ code: "restore/target" });
  expect(below(outside)).toEqual([]);
});

test("nothing that comes unasked has rights of its own: no devices, no setuid, no attributes of the system", async () => {
  const folder = tempFolder();
  const attributes = [{ name: Buffer.from("security.capability"), value: Buffer.from("all of them") }];
  const frames = [
    entry({ ...folderEntry("d"), type: "block-device", major: 8, minor: 0 }),
    ...file("su", "#!", { mode: 0o6755, attributes }),
    WHOLE,
  ];
  const { outcome } = await receive(frames, folder);
  expect(outcome).toMatchObject({
    filesRetrieved: 1,
    problems: [
      { path: "/d", code: "restore/not-unasked" },
      { path: "/su", code: "restore/not-unasked" },
    ],
  });
  expect(below(folder)).toEqual(["su"]);
  expect(lstatSync(join(folder, "su")).mode & 0o7777).toBe(0o755);
});

test("what is cut off has not ended, leaves nothing half, and the next turn goes on without doubles", async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, "a"), "mine");
  const [a, b] = [file("a", "first"), file("b", "second")];
  const cut = await receive([entry(folderEntry("f")), ...a, ...b.slice(0, 2)], folder);
  expect(cut).toMatchObject({ outcome: { code: "service/unreachable" }, told: [] });
  expect(below(folder)).toEqual(["a", "a (restored 1)", "f"]);
  const again = await receive([entry(folderEntry("f")), ...a, ...b, WHOLE], folder, { isAgain: true });
  expect(again.outcome).toMatchObject({ result: "completed", kept: 1, filesRetrieved: 1 });
  expect(again.told).toEqual(["completed"]);
  expect(below(folder)).toEqual(["a", "a (restored 1)", "b", "f"]);
  expect(statSync(join(folder, "f")).mode & 0o7777).toBe(0o755);
});

test("a service that sends another length than it says is not believed", async () => {
  const folder = tempFolder();
  const [begin, , end] = file("x", "four");
  const tooMuch = await receive([begin, { kind: "bytes", bytes: Buffer.from("five!") }, end, WHOLE] as Frame[], folder);
  expect(tooMuch.told).toEqual(["failed format/malformed"]);
  const tooLittle = await receive([begin, end, WHOLE] as Frame[], folder);
  expect(tooLittle.outcome).toMatchObject({ code: "format/malformed" });
  const large = { kind: "hole", length: 5 };
  expect((await receive([begin, large, begin] as Frame[], folder)).outcome).toMatchObject({ code: "format/malformed" });
  expect((await receive([begin, begin] as Frame[], folder)).outcome).toMatchObject({ code: "format/malformed" });
  expect((await receive([end, WHOLE] as Frame[], folder)).outcome).toMatchObject({ code: "format/malformed" });
  expect(below(folder)).toEqual([]);
});

test("what it left out, and what is in the way, is told", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "x"));
  const problem = { path: "/gone", code: "chunk/lost", message: "Lost." };
  const { outcome } = await receive([...file("x/y/z", "z"), { kind: "left", problem }, WHOLE], folder, {
    existing: "keep",
  });
  expect(outcome).toMatchObject({ result: "incomplete", filesRetrieved: 1, problems: [problem] });
});
