import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { postgresDatabase } from "../../test/support/postgres.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { registerMachine } from "../../test/support/test-machine.ts";
import { CHEAP_PASSWORDS, callRoute, startTestService, type TestService } from "../../test/support/test-service.ts";
import { configWith } from "../config.ts";
import { startService } from "../service.ts";
import { backUpSelf } from "./back-up-self.ts";
import { databaseCopier } from "./copy-database.ts";
import { restoreSelf } from "./restore-self.ts";
import { readSealed, writeSealed } from "./sealed-file.ts";

const passphrase = "a passphrase for the copy";
const cost = { memoryKiB: 64, passes: 1, parallelism: 1 };

const copyOf = (service: TestService, to: string, databaseUrl?: string) =>
  backUpSelf(to, {
    passphrase,
    cost,
    copyDatabase: databaseCopier({ data: service.data, databaseUrl }),
    scratch: join(service.data, "copy"),
    keysFolder: join(service.data, "keys"),
    clock: service.clock,
    random: systemRandom,
  });

/** A service on SQLite, at the same time as the other; its address. */
async function startOn(data: string, { clock }: TestService): Promise<string> {
  const config = configWith({ data, listen: { host: "127.0.0.1", port: 0 }, log: "silent" });
  const again = await startService(config, { clock, passwordCost: CHEAP_PASSWORDS, freeBytesMin: 0 });
  onTestFinished(() => again.close());
  return again.address;
}

const placesIn = (data: string) => ({ database: join(data, "holdfast.db"), keysFolder: join(data, "keys") });

test("a copy of a running service becomes a service with the same accounts, machines and keys", async () => {
  const service = await startTestService({ engines: {} });
  const machine = await registerMachine(service);
  const { path, keys } = await copyOf(service, tempFolder());
  expect(keys).toEqual(["key-encryption.key", "receipt.key"]);
  const data = tempFolder();
  await restoreSelf(path, { passphrase, ...placesIn(data) });
  const again = await startOn(data, service);
  const own = await callRoute(again, "ownMachine", { token: machine.token });
  expect(own.json.id).toBe(machine.id);
  expect((await callRoute(again, "login", { body: service.first.user })).status).toBe(200);
  const facts = await callRoute(again, "service");
  expect(facts.json).toEqual((await service.call("service")).json);
});

test("nothing of it can be read without the passphrase, and nothing of the service stays behind beside it", async () => {
  const service = await startTestService({ engines: {} });
  const to = tempFolder();
  const { path } = await copyOf(service, to);
  const bytes = readFileSync(path);
  expect(bytes.includes(service.first.user.email)).toBe(false);
  expect(
    bytes.includes(
      readFileSync(join(service.data, "keys", "receipt.key"))
        .toString()
        .trim(),
    ),
  ).toBe(false);
  expect(readdirSync(to)).toHaveLength(1);
  expect(readdirSync(service.data).filter((name) => name.includes("copy"))).toEqual([]);
  const wrong = restoreSelf(path, { passphrase: "another", ...placesIn(tempFolder()) });
  await expect(wrong).rejects.toMatchObject({
    code: "self-backup/unusable",
    data: { reason: "the passphrase is wrong, or it is damaged" },
  });
});

test("nothing is overwritten: neither an older copy nor a service", async () => {
  const service = await startTestService({ engines: {} });
  const path = join(tempFolder(), "copy");
  await copyOf(service, path);
  const before = readFileSync(path);
  await expect(copyOf(service, path)).rejects.toMatchObject({ code: "self-backup/in-the-way" });
  expect(readFileSync(path)).toEqual(before);
  const here = restoreSelf(path, { passphrase, ...placesIn(service.data) });
  await expect(here).rejects.toMatchObject({ code: "self-backup/in-the-way" });
  const other = tempFolder();
  const keys = restoreSelf(path, { passphrase, database: join(other, "x.db"), keysFolder: join(service.data, "keys") });
  await expect(keys).rejects.toMatchObject({ code: "self-backup/in-the-way" });
  expect(readdirSync(other)).toEqual([]);
});

test("a copy that is cut, changed or put together anew is refused, and leaves nothing behind", async () => {
  const path = join(tempFolder(), "copy");
  const pieces = async function* () {
    for (const text of ["one", "two", "three"]) yield Buffer.from(text);
  };
  await writeSealed(path, pieces(), { passphrase, cost, random: systemRandom });
  const whole = readFileSync(path);
  const read = async (bytes: Buffer) => {
    writeFileSync(path, bytes);
    const seen: string[] = [];
    for await (const piece of readSealed(path, passphrase)) seen.push(piece.toString());
    return seen;
  };
  expect(await read(whole)).toEqual(["one", "two", "three"]);
  const start = whole.indexOf("\n") + 1;
  const lengths = [3, 3, 5].map((length) => 4 + 28 + length);
  const [first = 0, second = 0, third = 0] = lengths;
  const swapped = Buffer.concat([
    whole.subarray(0, start),
    whole.subarray(start + first, start + first + second),
    whole.subarray(start, start + first),
    whole.subarray(start + first + second),
  ]);
  const damaged = [
    swapped,
    whole.subarray(0, start + first + second + third),
    whole.subarray(0, whole.length - 1),
    Buffer.concat([whole.subarray(0, start + first), whole.subarray(start + first + second)]),
    Buffer.from("no copy at all\n"),
    Buffer.alloc(0),
  ];
  for (let at = 0; at < whole.length; at += 7) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    damaged.push(changed);
  }
  for (const bytes of damaged) await expect(read(bytes)).rejects.toMatchObject({ code: "self-backup/unusable" });
});

test("a folder is no copy, and neither is nothing", async () => {
  for (const from of [tempFolder(), join(tempFolder(), "nothing")])
    await expect(restoreSelf(from, { passphrase, ...placesIn(tempFolder()) })).rejects.toMatchObject({
      code: "self-backup/unusable",
    });
});

test("a damaged copy restores nothing at all", async () => {
  const service = await startTestService({ engines: {} });
  const { path } = await copyOf(service, tempFolder());
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 40));
  const data = tempFolder();
  await expect(restoreSelf(path, { passphrase, ...placesIn(data) })).rejects.toMatchObject({ data: { path } });
  expect(readdirSync(join(data, "keys"))).toEqual([]);
  expect(readdirSync(data)).toEqual(["keys"]);
});

test("a service on PostgreSQL is copied into the same kind of file, as of one moment, also while it is written to", async () => {
  const databaseUrl = await postgresDatabase();
  const service = await startTestService({ engines: { databaseUrl } });
  const machine = await registerMachine(service);
  const token = await service.logIn("admin");
  const writing = Array.from({ length: 10 }, (_, index) => {
    const body = { email: `u${index}@example.com`, name: "New", password: "correct horse" };
    return service.call("createUser", { token, body });
  });
  const { path } = await copyOf(service, tempFolder(), databaseUrl);
  await Promise.all(writing);
  const data = tempFolder();
  await restoreSelf(path, { passphrase, ...placesIn(data) });
  const again = await startOn(data, service);
  expect((await callRoute(again, "ownMachine", { token: machine.token })).json.id).toBe(machine.id);
  expect((await callRoute(again, "login", { body: service.first.user })).status).toBe(200);
});
