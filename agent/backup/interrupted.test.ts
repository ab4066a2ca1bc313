import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

/** Some packs' worth of content. */
function largePlace(): BackupPlace {
  const place = new BackupPlace();
  for (let number = 0; number < 6; number++) place.write(`large-${number}`, noise(8_000_000, number + 1));
  place.writeMany(300);
  return place;
}

/** Data chunks that stand in more than one pack. */
function sentTwice(place: BackupPlace): number {
  const seen = new Set<string>();
  let twice = 0;
  for (const { frame } of place.service.packs.values())
    for (const { id } of frame.kind === 0 ? frame.chunks : []) {
      if (seen.has(id.toString("hex"))) twice++;
      seen.add(id.toString("hex"));
    }
  return twice;
}

async function expectWhole(place: BackupPlace): Promise<void> {
  const files = await place.snapshot();
  for (let number = 0; number < 6; number++)
    expect(sha256(files.get(`large-${number}`)?.content ?? Buffer.alloc(0))).toEqual(
      sha256(noise(8_000_000, number + 1)),
    );
  expect(files.get("many/file-299")?.content?.equals(noise(2000, 300))).toBe(true);
}

test("a run that is cancelled ends as such, and the next one sends none of its packs again", async () => {
  const place = largePlace();
  const controller = new AbortController();
  place.service.beforePack = () => {
    if (place.service.packsTaken === 3) controller.abort();
  };
  await expect(place.run({ signal: controller.signal })).rejects.toMatchObject({ code: "backup/cancelled" });
  expect(place.service.ends).toMatchObject([{ code: "backup/cancelled" }]);
  expect(place.service.records).toHaveLength(0);
  const kept = place.service.packs.size;
  expect(kept).toBeGreaterThanOrEqual(3);
  place.service.beforePack = () => undefined;
  expect(await place.run()).toMatchObject({ result: "success" });
  expect(sentTwice(place)).toBe(0);
  await expectWhole(place);
});

test("a run is cancelled at once even while every upload hangs", async () => {
  const place = largePlace();
  const controller = new AbortController();
  let hanging = 0;
  place.service.beforePack = () =>
    new Promise((_, reject) => {
      controller.signal.addEventListener("abort", () => reject(new Error("the connection was cut")));
      // The thread has filled both of its buffers: nothing can go on.
      if (++hanging === 2) setImmediate(() => controller.abort());
    });
  const run = place.run({ signal: controller.signal, threads: 1 });
  await expect(run).rejects.toMatchObject({ code: "backup/cancelled" });
});

test("a run that is cancelled before it began opens no session", async () => {
  const place = largePlace();
  await expect(place.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "backup/cancelled" });
  expect(place.service.ends).toEqual([]);
});

test("a service that fails in the middle ends the run; the next one goes on where it was", async () => {
  const place = largePlace();
  place.service.beforePack = () => {
    if (place.service.packsTaken >= 2) throw new HoldfastError("service/unreachable", { reason: "gone" });
  };
  await expect(place.run()).rejects.toMatchObject({ code: "service/unreachable" });
  place.service.beforePack = () => undefined;
  await place.run();
  expect(sentTwice(place)).toBe(0);
  await expectWhole(place);
});

test("packs that were acknowledged are not sent again even if this machine forgot them", async () => {
  const place = largePlace();
  place.service.beforePack = () => {
    if (place.service.packsTaken >= 3) throw new HoldfastError("service/unreachable", { reason: "gone" });
  };
  await expect(place.run()).rejects.toMatchObject({ code: "service/unreachable" });
  place.service.beforePack = () => undefined;
  place.forget();
  await place.run();
  expect(sentTwice(place)).toBe(0);
  await expectWhole(place);
});

test("a service that is away for a while is tried again", async () => {
  const place = largePlace();
  const asked = new Set<string>();
  place.service.beforePack = ({ id }) => {
    if (asked.has(id)) return;
    asked.add(id);
    throw new HoldfastError("service/unreachable", { reason: "for a moment" });
  };
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  expect(await place.run({ clock, patienceMs: 60_000 })).toMatchObject({ result: "success" });
  await expectWhole(place);
});

test("a service that is away at the moment of the commit is tried again", async () => {
  const place = largePlace();
  const remote = place.service.remote();
  let answers = 0;
  const commit: typeof remote.commit = async (...request) => {
    if (++answers < 3) throw new HoldfastError("service/unreachable", { reason: "restarting" });
    return await remote.commit(...request);
  };
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const report = await place.run({ remote: { ...remote, commit }, clock, patienceMs: 60_000 });
  expect(report).toMatchObject({ result: "success" });
  expect(answers).toBe(3);
  await expectWhole(place);
});

test("a commit whose answer was lost is taken up: the next run follows it", async () => {
  const place = largePlace();
  await place.run();
  // As if this machine had died between the service's commit and its own memory of it.
  place.forget();
  const report = await place.run();
  expect(report).toMatchObject({ snapshot: 2, result: "success" });
  expect(sentTwice(place)).toBe(0);
});

test("a killed run's note of its process does not hold up the next one, though another process has that number now", async () => {
  const place = largePlace();
  mkdirSync(place.data, { recursive: true });
  writeFileSync(join(place.data, "backup.lock"), "1\n");
  expect(await place.run()).toMatchObject({ result: "success" });
});

test("two runs at once in one data folder are refused, and the first goes on", async () => {
  const place = largePlace();
  let second: Promise<unknown> | undefined;
  place.service.beforePack = () => {
    second ??= place.run().catch((error: unknown) => error);
  };
  expect(await place.run()).toMatchObject({ result: "success" });
  expect(await second).toMatchObject({ code: "backup/running" });
  expect(await place.run()).toMatchObject({ snapshot: 2 });
});
