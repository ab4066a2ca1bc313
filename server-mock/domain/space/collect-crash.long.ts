import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SpacePlace, spacePlace } from "../../../test/support/space-place.ts";
import type { Domain } from "../domain.ts";
import { collectVault } from "./collect.ts";
import { quarantinePack, settleDamages } from "./damage.ts";
import { emptyTrash } from "./trash.ts";

const DAY_MS = 24 * 3600 * 1000;
const ids = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(32));

class Died extends Error {}

/** The process dies before its `steps`-th change of a database or a disk. */
function dying(domain: Domain, steps: number): Domain {
  let left = steps;
  const step = (): void => {
    if (left-- <= 0) throw new Died();
  };
  const { records, blobs } = domain;
  return {
    ...domain,
    records: {
      ...records,
      transaction: async (work) => {
        step();
        return await records.transaction(work);
      },
    },
    blobs: {
      ...blobs,
      remove: async (name) => {
        step();
        await blobs.remove(name);
      },
    },
  };
}

/** Everything that collection does, over eleven days. */
async function collectAndEmpty(at: SpacePlace, domain: Domain, number: number): Promise<void> {
  await collectVault(domain, number);
  at.clock.advance(2 * DAY_MS);
  await collectVault(domain, number);
  at.clock.advance(9 * DAY_MS);
  await emptyTrash(domain);
}

test("a collection that dies at any of its steps loses nothing, and the next one ends what it began", async () => {
  for (let steps = 0; ; steps++) {
    const at = await spacePlace();
    await at.snapshot(ids(3));
    await at.snapshot(ids(2));
    await at.snapshot(ids(2));
    await at.letGo(1, 2);
    const number = await at.number();
    let isWhole = true;
    await collectAndEmpty(at, dying(at.domain, steps), number).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
      isWhole = false;
    });
    await at.service.restart();
    await at.expectSound();
    await collectAndEmpty(at, at.domain, number);
    await at.expectSound();
    const sums = await at.domain.records.reach.sums(number);
    expect(sums).toMatchObject([{ state: "live", packs: 2 }]);
    if (isWhole) {
      expect(steps).toBeGreaterThan(8);
      return;
    }
  }
});

/** What the machine may refer to, what snapshots need, and everything that may happen in between. */
interface Model {
  readonly pool: Buffer[];
  sequence: number;
}

type Step = fc.AsyncCommand<Model, SpacePlace>;

const step = (name: string, run: (model: Model, at: SpacePlace) => Promise<void>): Step => ({
  check: () => true,
  async run(model, at) {
    await run(model, at);
    await at.expectReachable();
  },
  toString: () => name,
});

/** An agent that refers to whatever it was ever told is stored, and sends what the service then says is missing. */
const commit = (chosen: readonly number[], fresh: number): Step =>
  step(`commit ${chosen.join(",")} and ${fresh}`, async (model, at) => {
    const old = [...new Set(chosen.map((index) => index % Math.max(1, model.pool.length)))].flatMap(
      (index) => model.pool[index] ?? [],
    );
    const sent = ids(fresh);
    const root = randomBytes(32);
    let answered = await at.tryCommit([...old, ...sent], sent, root);
    if (answered.code === "chunk/missing") {
      const missing: string[] = answered.json.error.data.missing;
      answered = await at.tryCommit([...old, ...sent], [...sent, ...missing.map((id) => Buffer.from(id, "hex"))], root);
    }
    expect(answered.status).toBe(200);
    model.pool.push(...sent, root);
    model.sequence++;
  });

const steps = [
  fc.tuple(fc.array(fc.nat(40), { maxLength: 4 }), fc.integer({ min: 0, max: 3 })).map(([a, b]) => commit(a, b)),
  fc.nat(20).map((which) =>
    step(`let go ${which}`, async ({ sequence }, at) => {
      // Never the newest.
      if (sequence > 1) await at.letGo(1 + (which % (sequence - 1)));
    }),
  ),
  fc.constant(
    step("let go all but the newest, and collect", async ({ sequence }, at) => {
      await at.letGo(...Array.from({ length: Math.max(0, sequence - 1) }, (_, index) => index + 1));
      await at.collect();
    }),
  ),
  fc.constant(step("collect", async (_, at) => void (await at.collect()))),
  fc.constant(step("a day", async (_, at) => at.clock.advance(1.1 * DAY_MS))),
  fc.constant(step("empty the trash", async (_, at) => void (await emptyTrash(at.domain)))),
  fc.constant(
    step("an upload that nobody commits", async (model, at) => {
      await at.machine.open();
      const staged = ids(1);
      await at.machine.put(at.data(staged));
      await at.machine.end();
      model.pool.push(...staged);
    }),
  ),
];

test("whatever happens in whatever order, everything that a kept snapshot needs is there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: "max" }), async (commands) => {
      const at = await spacePlace();
      const model: Model = { pool: [], sequence: 0 };
      await fc.asyncModelRun(() => ({ model, real: at }), commands);
      await at.service.service.close();
    }),
    { numRuns: 12 },
  );
});

test("a lost pack is healed by what is sent again, and then taken away", async () => {
  const at = await spacePlace();
  const [lost, kept] = [ids(3), ids(1)];
  await at.snapshot([...lost, ...kept], [...lost, ...kept]);
  const { records } = at.domain;
  const number = await at.number();
  const pack = (await records.reach.listPacks(number, 0, 10)).find(({ kind }) => kind === 0);
  if (pack === undefined) throw new Error("no pack");
  await quarantinePack(at.domain, pack, "a test");
  expect(await records.damages.listOpen(number)).toMatchObject([{ chunks: 4, snapshots: "[1]", state: "open" }]);
  expect((await at.machine.open()).json.losses).toBe(1);
  expect((await at.offered()).size).toBe(1);
  expect(await settleDamages(at.domain)).toBe(0);

  // The machine still has three of the four.
  await at.machine.end();
  await at.snapshot(lost, lost);
  expect(await settleDamages(at.domain)).toBe(0);
  expect(await records.damages.listOpen(number)).toMatchObject([{ chunks: 1, snapshots: "[1]" }]);
  await at.snapshot([...lost, ...kept], kept);
  expect(await settleDamages(at.domain)).toBe(1);
  await at.collect();
  expect((await records.reach.findPack(pack.number))?.state).toBe("trash");
  await at.expectSound();
});
