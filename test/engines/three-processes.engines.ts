/**
 * Three processes on one PostgreSQL and one bucket, agents going through all of them: one is killed under load, and nothing that was
 * acknowledged is lost, use is exact, everything comes back.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { s3Blobs } from "../../server-mock/blobs/s3-blobs.ts";
import { startBalancer } from "../support/balancer.ts";
import { noise } from "../support/make-tree.ts";
import { postgresDatabase } from "../support/postgres.ts";
import { cli } from "../support/run-cli.ts";
import { s3Place } from "../support/s3.ts";
import { treeDifferences } from "../support/same-tree.ts";
import { type ServiceProcess, startServiceProcess } from "../support/start-service.ts";
import { tempFolder } from "../support/temp-folder.ts";

const MACHINES = 4;
const FILES = 40;

test("one of three processes is killed while machines back up through all of them: nothing is lost, and all comes back", async () => {
  const folder = tempFolder();
  const at = (name: string) => join(folder, name);
  const [databaseUrl, place] = [await postgresDatabase(), s3Place()];
  const variables = {
    HOLDFAST_DATABASE_URL: databaseUrl,
    HOLDFAST_BLOBS: `s3://${place.bucket}/${place.prefix}`,
    HOLDFAST_S3_ENDPOINT: place.endpoint ?? "",
    HOLDFAST_S3_ACCESS_KEY: place.credentials?.accessKeyId ?? "",
    HOLDFAST_S3_SECRET_KEY: place.credentials?.secretAccessKey ?? "",
    HOLDFAST_KEYS: at("keys"),
  };
  const services: ServiceProcess[] = [await startServiceProcess(at("service-0"), { variables })];
  onTestFinished(async () => {
    for (const service of services) await service.kill();
  });
  const [first] = services;
  if (first === undefined) throw new Error("no service");
  const { credentials } = first;
  for (const name of ["service-1", "service-2"])
    services.push(await startServiceProcess(at(name), { variables, credentials }));
  await using balancer = await startBalancer(() => services.map(({ url }) => url));

  const made = await first.operate(
    "keys",
    "create",
    "--user",
    credentials.user.email,
    "--kind",
    "desktop",
    "--count",
    `${MACHINES}`,
    "--json",
  );
  const keys: { productKey: string }[] = JSON.parse(made);
  const machines = await Promise.all(
    keys.map(async ({ productKey }, index) => {
      const machine = cli(at(`machine-${index}`), { HOLDFAST_PASSWORD: credentials.user.password });
      const words = ["--service", balancer.url, "--key", productKey, "--kind", "desktop", "--name", `m${index}`];
      const { code, answer } = await machine.json("register", ...words);
      expect(code, JSON.stringify(answer)).toBe(0);
      const files = at(`files-${index}`);
      mkdirSync(files);
      for (let file = 0; file < FILES; file++)
        writeFileSync(join(files, `${file}`), noise(1_000_000 + file, index * FILES + file + 1));
      return { ...machine, files, id: String(answer.machine) };
    }),
  );

  const backups = machines.map(({ json, files }) => json("backup", files));
  const sql = await client(databaseUrl);
  const count = async (text: string): Promise<number> => Number((await sql.query(text)).rows[0]?.count);
  await expect.poll(() => count("SELECT count(*) FROM packs"), { timeout: 120_000 }).toBeGreaterThan(2);
  const [, victim] = services;
  await victim?.kill();
  for (const backup of backups) expect(await backup).toMatchObject({ code: 0, answer: { problemCount: 0 } });
  expect([...balancer.counts.values()].filter((connections) => connections > 0)).toHaveLength(3);

  // The others notice that it is dead, and give back what it had promised.
  await expect.poll(() => count("SELECT count(*) FROM reservations"), { timeout: 180_000 }).toBe(0);
  const blobs = await s3Blobs({ place, incoming: at("incoming"), random: systemRandom });
  onTestFinished(() => blobs.close());
  const stored = new Map<string, number>();
  for await (const name of blobs.list("packs")) stored.set(name.slice(-64), (await blobs.find(name))?.sizeBytes ?? 0);
  const packs = await sql.query("SELECT encode(id, 'hex') AS id, \"sizeBytes\" AS bytes FROM packs");
  expect(new Map(packs.rows.map(({ id, bytes }) => [id, Number(bytes)]))).toEqual(stored);
  const used = await sql.query(
    'SELECT machines."usedBytes" AS used, sum(packs."sizeBytes") AS bytes FROM machines JOIN vaults ON vaults.machine = machines.id JOIN packs ON packs.vault = vaults.number GROUP BY machines.id',
  );
  expect(used.rows).toHaveLength(MACHINES);
  for (const row of used.rows) expect(Number(row.used)).toBe(Number(row.bytes));

  for (const [index, machine] of machines.entries()) {
    const words = ["restore", "--at", "latest", "--to", at(`back-${index}`), "--numeric-owners"];
    expect(await machine.json(...words)).toMatchObject({ code: 0, answer: { result: "completed" } });
    expect(treeDifferences(machine.files, join(at(`back-${index}`), machine.files))).toEqual([]);
  }
}, 600_000);

async function client(url: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url });
  made.on("error", () => undefined);
  await made.connect();
  onTestFinished(() => made.end());
  return made;
}
