import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../../base/digest.ts";
import { BackupPlace } from "../../test/support/backup-place.ts";
import { noise } from "../../test/support/entries-to-store.ts";
import { countTypes } from "../../test/support/read-snapshot.ts";
import { openState } from "../state/state.ts";

const FILES = 400;

function known(place: BackupPlace) {
  using state = openState(join(place.data, "state.db"));
  return state.countKnown();
}

/** Where a file that never changes lies. */
async function placeOfLast(place: BackupPlace): Promise<unknown> {
  const entry = (await place.snapshot()).get(`many/file-${FILES - 1}`)?.entry;
  return entry?.type === "file" ? entry.content : undefined;
}

const content = (round: number, file: number): Buffer => noise(2000, round * FILES + file + 1);

/** Each round changes 95 other files, so that little of the first bundles is left. */
async function changeRoundByRound(place: BackupPlace, rounds: number): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    for (let file = 0; file < 95; file++) {
      const number = ((round - 1) * 95 + file) % (FILES - 20);
      place.write(`many/file-${number}`, content(round, number));
    }
    await place.run();
  }
}

test("bundles of which little is left are made anew, a snapshot stays what it was, and nothing is sent twice", async () => {
  const place = new BackupPlace();
  place.writeMany(FILES);
  await place.run();
  const first = await placeOfLast(place);
  await changeRoundByRound(place, 11);
  expect(await placeOfLast(place)).not.toEqual(first);
  const before = await place.snapshot();
  for (let more = 0; more < 3; more++) await place.run();
  const after = await place.snapshot();
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [name, { content: bytes }] of after) expect(bytes).toEqual(before.get(name)?.content);
  const packs = await place.newPacks(() => place.run());
  expect(countTypes(place.service, packs)).toMatchObject({ data: 0, bundle: 0 });
});

test("when there is no room to make stale bundles anew, nothing is missing and nobody is told", async () => {
  const place = new BackupPlace();
  place.writeMany(FILES);
  await place.run();
  const first = await placeOfLast(place);
  await changeRoundByRound(place, 9);
  // Room for the page of the folders above, which other tests may change.
  place.service.limitBytes = place.service.storedBytes + 40_000;
  for (let more = 0; more < 3; more++) expect(await place.run()).toMatchObject({ result: "success" });
  expect(await placeOfLast(place)).toEqual(first);
  expect((await place.snapshot()).get(`many/file-${FILES - 1}`)?.content).toEqual(noise(2000, FILES));
});

test("what nothing refers to any more is forgotten when there is much of it, and what is there is still known", async () => {
  const place = new BackupPlace();
  place.writeMany(300);
  place.write("large", noise(60 * 1024 * 1024));
  await place.run();
  const { chunks } = known(place);
  {
    using state = openState(join(place.data, "state.db"));
    state.addChunks(Array.from({ length: 25_000 }, (_, number) => sha256(Buffer.from(String(number)))));
  }
  place.write("small", "changed");
  await place.run();
  expect(known(place).chunks).toBeLessThan(chunks + 20);
  const packs = await place.newPacks(async () => {
    place.write("copy of large", noise(60 * 1024 * 1024));
    place.writeMany(300, "copies");
    await place.run();
  });
  expect(countTypes(place.service, packs)).toMatchObject({ data: 0, bundle: 0, list: 0 });
});
