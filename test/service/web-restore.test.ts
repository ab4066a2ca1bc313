import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { backedUpMachine, openWebRestore } from "../support/backed-up-machine.ts";
import { startTestService } from "../support/test-service.ts";

interface Shown {
  readonly name: string;
  readonly deleted: unknown;
}
const names = (items: readonly Shown[]) => items.map(({ name }) => name);

test("a folder is shown as it was on the chosen date, and on request with what was deleted before", async () => {
  const service = await startTestService();
  const machine = await backedUpMachine(service);
  machine.write("letter.txt", "first");
  machine.write("old.txt", "gone soon");
  machine.write("photos/cat.jpg", "cat");
  const first = await machine.backUp();
  rmSync(machine.path("old.txt"));
  machine.write("letter.txt", "second, longer");
  const second = await machine.backUp();
  const web = await openWebRestore(service, machine.id);
  const list = async (body: object) => (await web.call("listEntries", { folder: machine.path(), ...body })).json;
  const now = await list({});
  expect(now.snapshot.sequence).toBe(second);
  expect(names(now.items)).toEqual(["photos", "letter.txt"]);
  expect(now.items[1]).toMatchObject({ kind: "file", bytes: 14, deleted: null, path: machine.path("letter.txt") });
  const then = await list({ at: new Date(service.clock.now() - 36 * 3600_000).toISOString() });
  expect(then.snapshot.sequence).toBe(first);
  expect(names(then.items)).toEqual(["photos", "letter.txt", "old.txt"]);
  const all = await list({ includeDeleted: true, details: true });
  expect(names(all.items)).toEqual(["photos", "letter.txt", "old.txt"]);
  expect(all.items[2].deleted).toMatchObject({ snapshot: first });
  expect(all.lookedBack).toMatchObject({ snapshots: 1 });
  expect(all.items.map(({ backedUpAt }: { backedUpAt: string | null }) => backedUpAt)).toEqual([
    then.snapshot.receivedAt,
    now.snapshot.receivedAt,
    null,
  ]);
  expect(all.items[1].storedBytes).toBeGreaterThan(14);
  const versions = (await web.call("listVersions", { path: machine.path("letter.txt") })).json.items;
  expect(versions.map(({ entry }: { entry: { bytes: number } }) => entry.bytes)).toEqual([14, 5]);
  const [gone] = (await web.call("listVersions", { path: machine.path("old.txt") })).json.items;
  expect(gone).toMatchObject({ last: { sequence: first }, deletedIn: { sequence: second } });
  const found = (await web.call("searchEntries", { pattern: "*.txt", includeDeleted: true })).json;
  expect(names(found.items).sort()).toEqual(["letter.txt", "old.txt"]);
  expect(found.next).toBeNull();
  const sizes = (await web.call("sizeFolder", { folder: machine.path() })).json;
  expect(sizes).toMatchObject({ bytes: 17, entries: 3 });
  expect(sizes.items.map(({ name, bytes }: { name: string; bytes: number }) => [name, bytes])).toEqual([
    ["letter.txt", 14],
    ["photos", 3],
  ]);
});
