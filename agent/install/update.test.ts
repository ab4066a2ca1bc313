/** A new version takes the old one's place only when every step before went well; a hostile service gains nothing. */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { signingKey } from "../../base/signing.ts";
import type { UpdateManifest } from "../../protocol/messages/updates.ts";
import { signManifest } from "../../scripts/sign-update.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { previousOf, type UpdateOptions, type UpdateSource, updateIfWanted } from "./update.ts";

const SEED = Buffer.alloc(32, 1);
const KEY = signingKey(SEED).publicKey.toString("hex");
const NOW = Date.parse("2026-11-22T00:00:00Z");
const program = (version: string) => Buffer.from(`#!/bin/sh\necho ${version}\n`);

interface Offer {
  readonly manifest?: Partial<UpdateManifest>;
  readonly seed?: Buffer;
  /** What is sent in place of the file. */
  readonly sends?: Buffer;
  readonly content?: Buffer;
}

function offer({ manifest = {}, seed = SEED, content = program("2.0.0"), sends = content }: Offer = {}): UpdateSource {
  const file = {
    platform: "linux-x64",
    name: "holdfast",
    sizeBytes: content.length,
    sha256: sha256(content).toString("hex"),
  };
  const whole: UpdateManifest = {
    version: "2.0.0",
    serial: 5,
    madeAt: "2026-11-01T00:00:00.000Z",
    expiresAt: "2027-11-01T00:00:00.000Z",
    minimum: null,
    files: [file],
    ...manifest,
  };
  return {
    updateManifest: async () => signManifest(whole, seed),
    async *updateFile() {
      for (let at = 0; at < sends.length; at += 10) yield sends.subarray(at, at + 10);
    },
  };
}

function place() {
  const dataFolder = tempFolder();
  const path = join(tempFolder(), "holdfast");
  writeFileSync(path, program("1.0.0"));
  chmodSync(path, 0o755);
  const options: UpdateOptions = {
    dataFolder,
    isWanted: true,
    keys: [KEY],
    running: { version: "1.0.0", platform: "linux-x64", pinned: null },
    program: path,
    source: offer(),
    clock: steeredClock(NOW),
  };
  const isAsBefore = () => readFileSync(path).equals(program("1.0.0")) && readdirSync(join(path, "..")).length === 1;
  return { path, options, isAsBefore };
}

test("a signed newer version takes the old one's place, which stays beside it; the second time there is nothing to do", async () => {
  const { path, options } = place();
  expect(await updateIfWanted(options)).toEqual({ kind: "placed", version: "2.0.0" });
  expect(readFileSync(path).equals(program("2.0.0"))).toBe(true);
  expect(readFileSync(previousOf(path)).equals(program("1.0.0"))).toBe(true);
  expect(readdirSync(join(path, "..")).sort()).toEqual(["holdfast", "holdfast.previous"]);
  const again = { ...options, running: { ...options.running, version: "2.0.0" } };
  expect(await updateIfWanted(again)).toEqual({ kind: "none" });
});

test("nothing is even asked for when auto-update is off or no key is trusted", async () => {
  const { options, isAsBefore } = place();
  const source: UpdateSource = {
    updateManifest: () => Promise.reject(new Error("asked")),
    updateFile: () => offer().updateFile(""),
  };
  expect(await updateIfWanted({ ...options, source, isWanted: false })).toEqual({ kind: "off" });
  expect(await updateIfWanted({ ...options, source, keys: [] })).toEqual({ kind: "off" });
  expect(isAsBefore()).toBe(true);
});

test.each<[string, Offer]>([
  ["another key", { seed: Buffer.alloc(32, 2) }],
  ["an expired manifest", { manifest: { expiresAt: "2026-11-21T00:00:00.000Z" } }],
  ["a file with other bytes", { sends: program("6.6.6") }],
  ["a shorter file", { sends: program("2.0.0").subarray(0, 12) }],
  ["a file that goes on", { sends: Buffer.concat([program("2.0.0"), Buffer.alloc(1e5)]) }],
  ["a program that is another version", { content: program("1.5.0") }],
  ["a program that does not run", { content: Buffer.from("no program") }],
])("%s is refused, and the machine keeps what it has", async (_, wrong) => {
  const { options, isAsBefore } = place();
  await expect(updateIfWanted({ ...options, source: offer(wrong) })).rejects.toMatchObject({ code: "update/refused" });
  expect(isAsBefore()).toBe(true);
});

test("once a manifest was believed no older one is, also when nothing was installed", async () => {
  const { options, isAsBefore } = place();
  const other = { running: { ...options.running, platform: "sunos-x64" } };
  const stays = { kind: "stay", version: "2.0.0", because: "no-file" };
  expect(await updateIfWanted({ ...options, ...other })).toEqual(stays);
  const older = offer({ manifest: { serial: 4, version: "1.5.0" }, content: program("1.5.0") });
  await expect(updateIfWanted({ ...options, source: older })).rejects.toMatchObject({ code: "update/refused" });
  // A serial that cannot be read is no reason to believe anything.
  writeFileSync(join(options.dataFolder, "update-serial"), "x\n");
  await expect(updateIfWanted(options)).rejects.toMatchObject({ code: "update/refused" });
  expect(isAsBefore()).toBe(true);
});

test("an installed package is told, not changed", async () => {
  const { options, isAsBefore, path } = place();
  expect(await updateIfWanted({ ...options, program: undefined })).toEqual({ kind: "told", version: "2.0.0" });
  expect(isAsBefore() && !existsSync(previousOf(path))).toBe(true);
});
