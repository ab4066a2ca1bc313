/** What Holdfast is for: folders as they were at any date, back in every detail. Real service, real command line. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTree } from "../support/make-tree.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { makeWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.remove());

function changeTenFiles(folder: string): void {
  const at = (name: string) => join(folder, name);
  appendFileSync(at("sizes/5000000"), "appended");
  writeFileSync(at("sizes/4096"), "now much shorter");
  writeFileSync(at("sizes/1"), Buffer.alloc(700_000, "longer than before "));
  rmSync(at("sizes/4095"));
  writeFileSync(at("new file"), "which was not there");
  renameSync(at("sizes/262145"), at("sizes/renamed"));
  chmodSync(at("modes/file-644"), 0o600);
  writeFileSync(at("links/file"), "all its hard links change with it");
  rmSync(at("links/dangling"));
  mkdirSync(at("links/dangling"));
  cpSync(at("sizes/zeros"), at("sizes/zeros too"));
}

test("a tree of everything is backed up, ten files change, and both dates come back in every detail", async () => {
  const machine = await world.machine("main");
  const folder = world.at("files");
  makeTree(folder);
  expect(await machine.json("backup", folder)).toMatchObject({ code: 0, answer: { snapshot: 1, problemCount: 0 } });
  const restored = async (name: string, at: string): Promise<string> => {
    const words = ["restore", "--at", at, "--to", world.at(name), "--numeric-owners"];
    expect(await machine.json(...words)).toMatchObject({ code: 0, answer: { result: "completed", problemCount: 0 } });
    return join(world.at(name), folder);
  };
  // Proven while the folder still is what was backed up; then it stands for the first date.
  const first = await restored("first", "latest");
  expect(treeDifferences(folder, first)).toEqual([]);

  changeTenFiles(folder);
  const second = await machine.json("backup");
  expect(second).toMatchObject({ code: 0, answer: { snapshot: 2, problemCount: 0 } });
  expect(second.answer.counters.bytesTransferred).toBeLessThan(3 * 1024 * 1024);

  const [newest, oldest] = (await machine.json("snapshots")).answer;
  expect(treeDifferences(folder, await restored("back-2", newest.receivedAt))).toEqual([]);
  expect(treeDifferences(first, await restored("back-1", oldest.receivedAt))).toEqual([]);
});

test("one file as it was before comes back alone", async () => {
  const machine = await world.machine("one-file");
  const folder = world.at("letters");
  mkdirSync(folder);
  const path = join(folder, "letter.txt");
  writeFileSync(path, "Dear Ada,");
  writeFileSync(join(folder, "other.txt"), "not asked for");
  await machine.json("backup", folder);
  writeFileSync(path, "Dear Charles,");
  await machine.json("backup");

  const to = world.at("letter-back");
  expect(await machine.json("restore", path, "--at", "#1", "--to", to)).toMatchObject({
    code: 0,
    answer: { snapshot: 1, filesRequested: 1, filesRetrieved: 1 },
  });
  expect(readFileSync(join(to, path), "utf8")).toBe("Dear Ada,");
  expect(readdirSync(join(to, folder))).toEqual(["letter.txt"]);
  const past = await machine.json("restore", "--at", "2001-01-01", "--to", world.at("nothing"));
  expect(past).toMatchObject({ code: 5, answer: { error: { code: "snapshot/none-then" } } });
  const unknown = await machine.json("restore", join(folder, "never"), "--to", world.at("nothing"));
  expect(unknown).toMatchObject({ code: 5, answer: { error: { code: "restore/no-match" } } });
});
