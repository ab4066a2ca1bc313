import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";

const MIB = 2 ** 20;
/** A pack is 8 MiB; each of these files is more than half of one. */
const FILE_BYTES = 5 * MIB;

function placeWith(files: number): BackupPlace {
  const place = new BackupPlace();
  for (let file = 0; file < files; file++) place.write(`file-${file}`, noise(FILE_BYTES, file + 1));
  return place;
}

test("a service that takes nothing stops the backup: one pack a thread and one more is all that is ever held", async () => {
  const place = placeWith(12);
  const full = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let [held, most] = [0, 0];
  place.service.beforePack = async () => {
    most = Math.max(most, ++held);
    if (held === 3) full.resolve();
    await released.promise;
    held--;
  };
  const run = place.run({ threads: 2, uploads: 16 });
  await full.promise;
  // Whatever else could be filled gets the time for it.
  for (let turn = 0; turn < 5000; turn++) await nextTurn();
  const heldAtMost = most;
  released.resolve();
  expect((await run).result).toBe("success");
  expect(heldAtMost).toBe(3);
});

test("while a pack is on its way the next one is filled, with one thread, too", async () => {
  const place = placeWith(6);
  const second = Promise.withResolvers<void>();
  let packs = 0;
  place.service.beforePack = async () => {
    if (++packs === 1) await second.promise;
    else second.resolve();
  };
  expect((await place.run({ threads: 1 })).result).toBe("success");
  expect(packs).toBeGreaterThan(1);
});
