import { expect, test } from "vitest";
import { systemRandom } from "../../../base/random.ts";
import { CHEAP_PASSWORDS } from "../../../test/support/test-service.ts";
import { PASSWORD_COST, passwords } from "./passwords.ts";

const cheap = passwords(systemRandom, CHEAP_PASSWORDS);

test("a password is verified by its hash, which never is the same twice", async () => {
  const [one, two] = [await cheap.hash("pässword one"), await cheap.hash("pässword one")];
  expect(one).not.toBe(two);
  expect(one).toMatch(/^argon2id\$64\$1\$1\$/);
  expect(await cheap.verify("pässword one", one)).toBe(true);
  expect(await cheap.verify("pa\u0308ssword one", two)).toBe(true);
  expect(await cheap.verify("password one", one)).toBe(false);
  expect(await cheap.verify("", one)).toBe(false);
});

test("no account, and a hash that can't be read, are never right", async () => {
  expect(await cheap.verify("x", undefined)).toBe(false);
  expect(await cheap.verify("x", "plain$x")).toBe(false);
});

test("what a hash cost is stored with it: another cost leaves old passwords valid", async () => {
  const old = await cheap.hash("pässword one");
  const dearer = passwords(systemRandom, { ...CHEAP_PASSWORDS, passes: 2 });
  expect(await dearer.verify("pässword one", old)).toBe(true);
  // OWASP's minimum for argon2id (Password Storage Cheat Sheet): not below it.
  expect(PASSWORD_COST).toEqual({ memoryKiB: 19_456, passes: 2, parallelism: 1 });
});

test("a password is hashed anew when what is stored cost more or less than hashes cost today, and only then", async () => {
  const old = await cheap.hash("pässword one");
  expect(await cheap.renew("pässword one", old)).toBeUndefined();
  const dearer = passwords(systemRandom, { ...CHEAP_PASSWORDS, passes: 2 });
  const renewed = await dearer.renew("pässword one", old);
  expect(renewed).toMatch(/^argon2id\$64\$2\$1\$/);
  expect(await dearer.verify("pässword one", renewed)).toBe(true);
  expect(await dearer.renew("pässword one", renewed ?? "")).toBeUndefined();
});

test("seven characters are too few, counted as people count", async () => {
  await expect(cheap.hash("1234567")).rejects.toMatchObject({ code: "password/too-short" });
  await expect(cheap.hash("🔑🔑🔑🔑🔑🔑🔑")).rejects.toMatchObject({ code: "password/too-short" });
});

test("a flood of log-ins is turned away rather than queued for ever", async () => {
  const hash = await cheap.hash("pässword one");
  const tries = await Promise.allSettled(Array.from({ length: 200 }, () => cheap.verify("pässword one", hash)));
  const refused = tries.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(200 - 2 - 64);
  expect(refused[0]).toMatchObject({ reason: { code: "request/too-many" } });
  expect(await cheap.verify("pässword one", hash)).toBe(true);
});
