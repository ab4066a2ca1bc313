import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sha256 } from "../../../base/digest.ts";
import { steeredClock } from "../../../test/support/steered-clock.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { sqliteRecords } from "../../records/sql/sql-records.ts";
import { lockKeys, lockouts } from "./lockouts.ts";

function open(path = join(tempFolder(), "test.db")) {
  const records = sqliteRecords(path);
  onTestFinished(() => records.close());
  const clock = steeredClock();
  return { clock, records, locks: lockouts(clock, records), path };
}

async function failed(times: number) {
  const opened = open();
  for (let count = 0; count < times; count++) await opened.locks.fail("a");
  return opened;
}

test("four failures lock nothing, the fifth locks for a minute and only its key", async () => {
  await (await failed(4)).locks.check("a");
  const { clock, locks } = await failed(5);
  await expect(locks.check("b", "a")).rejects.toMatchObject({ code: "login/locked", data: { seconds: 60 } });
  await locks.check("b");
  clock.advance(60_000);
  await locks.check("a");
});

test("an address that people share is locked after twenty failures only", async () => {
  const { locks } = open();
  const [address, other] = [lockKeys.address("192.0.2.1"), lockKeys.address("192.0.2.2")];
  for (let count = 0; count < 19; count++) await locks.fail(address, "someone");
  await locks.check(address);
  await locks.fail(address);
  await expect(locks.check(address)).rejects.toMatchObject({ code: "login/locked", data: { seconds: 60 } });
  await locks.check(other);
});

test("a lock never lasts longer than 15 minutes", async () => {
  await expect((await failed(50)).locks.check("a")).rejects.toMatchObject({ data: { seconds: 900 } });
});

test("forgiven failures, and failures of long ago, count no more", async () => {
  const { clock, locks } = await failed(4);
  await locks.forgive("a");
  await locks.fail("a");
  await locks.check("a");
  for (let count = 0; count < 3; count++) await locks.fail("a");
  clock.advance(3600_001);
  await locks.fail("a");
  await locks.check("a");
});

test("a restart and another process know the same failures", async () => {
  const { clock, locks, path } = await failed(3);
  const other = lockouts(clock, sqliteRecordsOf(path));
  await other.fail("a");
  await other.fail("a");
  await expect(locks.check("a")).rejects.toMatchObject({ code: "login/locked" });
});

function sqliteRecordsOf(path: string) {
  const records = sqliteRecords(path);
  onTestFinished(() => records.close());
  return records;
}

test("old failures leave the table, and nothing that was typed stands in it", async () => {
  const { clock, locks, records } = open();
  const typed = lockKeys.account("my password");
  await locks.fail(typed);
  expect(await records.attempts.list([typed, "my password"])).toEqual([]);
  const stored = sha256(Buffer.from(typed)).toString("base64url");
  expect(await records.attempts.list([stored])).toHaveLength(1);
  clock.advance(3600_001);
  await locks.fail("young");
  await locks.trim();
  expect(await records.attempts.list([stored])).toEqual([]);
  for (let count = 0; count < 4; count++) await locks.fail("young");
  await expect(locks.check("young")).rejects.toMatchObject({ code: "login/locked" });
});

test("the networks of IPv6 count as one address each", () => {
  expect(lockKeys.address("2001:db8::1")).toBe(lockKeys.address("2001:db8::ffff"));
  expect(lockKeys.address("2001:db8::1")).not.toBe(lockKeys.address("2001:db9::1"));
});
