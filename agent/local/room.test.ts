/** Retention, cap, room and crashes of a local copy, with real backups. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { LocalPlace } from "../../test/support/local-place.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";
import type { OpenCopy } from "./open-copy.ts";
import { prune } from "./prune.ts";
import { tidy } from "./tidy.ts";

const MIB = 1024 * 1024;

/** All bytes of all files, as a disk counts them; uploads beside this may rename or remove some meanwhile. */
function bytesIn(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.reduce((sum, name) => {
    const found = statSync(join(folder, name), { throwIfNoEntry: false });
    return found?.isFile() ? sum + Math.ceil(found.size / 4096) * 4096 : sum;
  }, 0);
}

const sequences = async (place: LocalPlace): Promise<number[]> => {
  await using vault = await place.openVault();
  return (await vault.snapshots()).map(({ sequence }) => sequence).sort((a, b) => a - b);
};

const pruning = (place: LocalPlace) => ({
  nowMs: place.clock.now(),
  sign: (message: Buffer) => place.signer.sign(message),
});

test("the oldest snapshots make room for new ones, and the cap is never exceeded", async () => {
  const place = new LocalPlace();
  const capBytes = 12 * MIB;
  for (let day = 1; day <= 6; day++) {
    place.write("large", noise(3 * MIB, day));
    const report = await place.run({
      capBytes,
      wrapped: (remote) => ({
        ...remote,
        putPack: async (...given) => {
          const stored = await remote.putPack(...given);
          expect(bytesIn(place.root)).toBeLessThanOrEqual(capBytes);
          return stored;
        },
      }),
    });
    expect(report).toMatchObject({ result: "success", snapshot: day });
    expect(bytesIn(place.root)).toBeLessThanOrEqual(capBytes);
    expect(await place.differences()).toEqual([]);
  }
  const kept = await sequences(place);
  expect(kept.at(-1)).toBe(6);
  expect(kept).toEqual([4, 5, 6].slice(-kept.length));
  expect(kept.length).toBeGreaterThan(1);
});

test("a cap that is too small for what is new costs nothing of the history", async () => {
  const place = new LocalPlace();
  place.write("first", noise(MIB));
  await place.run({ capBytes: 6 * MIB });
  place.write("huge", noise(9 * MIB, 2));
  const report = await place.run({ capBytes: 6 * MIB });
  expect(report.result).toBe("incomplete");
  expect(report.problems.list.map(({ path }) => path)).toEqual([join(place.source, "huge")]);
  expect(bytesIn(place.root)).toBeLessThanOrEqual(6 * MIB);
  expect(await sequences(place)).toEqual([1, 2]);
  await using vault = await place.openVault();
  expect((await vault.findSnapshot({ kind: "sequence", sequence: 2 })).incomplete).toBe(true);
});

test("retention drops what its rule lets go, and the disk is freed", async () => {
  const place = new LocalPlace();
  const keep = { last: 2, hourly: 0, daily: 0, weekly: 0, monthly: 0, quarterly: 0, yearly: 0 };
  const tidied = (copy: OpenCopy) => tidy(copy, { keep, timeZone: "UTC", ...pruning(place), onGone: () => undefined });
  for (let day = 1; day <= 4; day++) {
    place.write("large", noise(MIB, day));
    await place.run({ after: tidied });
  }
  expect(await sequences(place)).toEqual([3, 4]);
  expect(bytesIn(place.root)).toBeLessThan(3 * MIB);
  expect(await place.run()).toMatchObject({ snapshot: 5 });
});

/** A disk that stops at the `point`-th write: as if the power had gone there. */
async function crash(place: LocalPlace, work: (copy: OpenCopy) => Promise<unknown>): Promise<void> {
  using copy = await place.open();
  await work(copy).catch(() => undefined);
}

test("a crash between condemning packs and removing them is cleared up by the next run", async () => {
  const place = new LocalPlace();
  for (let day = 1; day <= 2; day++) {
    place.write("large", noise(MIB, day));
    await place.run();
  }
  await crash(place, async (copy) => {
    await prune(copy, [1], pruning(place));
    const live = copy.index.packs();
    copy.index.condemn(live.slice(0, 1).map(({ number }) => number));
    throw new Error("the power went");
  });
  await place.run();
  expect(await sequences(place)).toEqual([2, 3]);
  expect(await place.differences()).toEqual([]);
  expect(bytesIn(place.root)).toBeLessThan(2 * MIB);
});

test("an index that is lost between a pack and the record costs nothing but the look at the packs", async () => {
  const place = new LocalPlace();
  place.write("large", noise(2 * MIB));
  const cut = place.run({
    wrapped: (remote) => ({ ...remote, commit: () => Promise.reject(new Error("the power went")) }),
  });
  await expect(cut).rejects.toMatchObject({ code: "bug/unexpected" });
  rmSync(join(place.root, "index.db"));
  const report = await place.run();
  expect(report).toMatchObject({ snapshot: 1, result: "success" });
  expect(report.counters.bytesTransferred).toBeLessThan(100_000);
  expect(await place.differences()).toEqual([]);
});

test("runs that are cut again and again leave room for the one that is not", async () => {
  const place = new LocalPlace();
  const capBytes = 12 * MIB;
  const cut = { wrapped: (remote: HistoryRemote) => ({ ...remote, commit: () => Promise.reject(new Error("cut")) }) };
  place.write("large", noise(2 * MIB, 1));
  await place.run({ capBytes });
  for (let round = 2; round <= 6; round++) {
    place.write("large", noise(2 * MIB, round));
    await expect(place.run({ capBytes, ...cut })).rejects.toMatchObject({ code: "bug/unexpected" });
    expect(bytesIn(place.root)).toBeLessThanOrEqual(capBytes);
  }
  place.write("large", noise(3 * MIB, 7));
  expect(await place.run({ capBytes })).toMatchObject({ result: "success" });
  expect(await place.differences()).toEqual([]);
});
