/** Packs, chunks and snapshots as collection and scrubbing see them. */
import type { Reach } from "../space.ts";
import type { Sql } from "./database.ts";
import { slices, text } from "./packs.ts";

const IDS_PER_QUERY = 500;

export const sqlReach = (sql: Sql): Reach => ({
  ...sqlWalk(sql),
  ...sqlPackStates(sql),
  ...sqlChunkStates(sql),
  ...sqlSnapshotStates(sql),
});

const sqlWalk = (sql: Sql): Pick<Reach, "linksOf" | "listLinks" | "listUnnamedLinks" | "nameLinks"> => ({
  async linksOf(vault, ids) {
    const all: { chunk: Uint8Array; links: Uint8Array }[] = [];
    for (const part of slices(ids, IDS_PER_QUERY)) {
      // Without a join: a planner that knows no better would go through all packs of the vault for it.
      const found = await sql.selectFrom("chunkLinks").selectAll().where("chunk", "in", part).execute();
      const ours = await ofVault(sql, vault, [...new Set(found.map(({ pack }) => pack))]);
      for (const { pack, chunk, links } of found) if (chunk !== null && ours.has(pack)) all.push({ chunk, links });
    }
    return all;
  },
  async listLinks(vault, after, limit) {
    const found = await sql
      .selectFrom("chunkLinks")
      .innerJoin("packs", "packs.number", "chunkLinks.pack")
      .select(["chunkLinks.pack", "chunkLinks.position", "chunkLinks.chunk", "chunkLinks.links"])
      .where("packs.vault", "=", vault)
      .where("packs.kind", "=", 1)
      .where((eb) =>
        eb.or([
          eb("packs.number", ">", after.pack),
          eb.and([eb("packs.number", "=", after.pack), eb("chunkLinks.position", ">", after.position)]),
        ]),
      )
      .orderBy("packs.number")
      .orderBy("chunkLinks.position")
      .limit(limit)
      .execute();
    return found.map(({ chunk, ...row }) => ({ ...row, chunk: chunk ?? new Uint8Array(0) }));
  },
  async listUnnamedLinks(vault) {
    const found = await sql.selectFrom("chunkLinks").select("pack").distinct().where("chunk", "is", null).execute();
    const packs = found.map(({ pack }) => pack);
    const ours = await ofVault(sql, vault, packs);
    return packs.filter((pack) => ours.has(pack));
  },
  async nameLinks(pack, position, chunk) {
    await sql
      .updateTable("chunkLinks")
      .set({ chunk })
      .where("pack", "=", pack)
      .where("position", "=", position)
      .execute();
  },
});

/** Those of the packs that are the vault's. */
async function ofVault(sql: Sql, vault: number, packs: readonly number[]): Promise<ReadonlySet<number>> {
  const ours = new Set<number>();
  for (const part of slices(packs, IDS_PER_QUERY)) {
    const found = await sql
      .selectFrom("packs")
      .select("number")
      .where("number", "in", part)
      .where("vault", "=", vault)
      .execute();
    for (const { number } of found) ours.add(number);
  }
  return ours;
}

const sqlPackStates = (
  sql: Sql,
): Pick<Reach, "listPacks" | "findPack" | "changePack" | "changePacks" | "listForScrub" | "listTrash" | "sums"> => ({
  listPacks: (vault, after, limit, states) =>
    sql
      .selectFrom("packs")
      .selectAll()
      .where("vault", "=", vault)
      .where("number", ">", after)
      .$if(states !== undefined, (query) => query.where("state", "in", states ?? []))
      .orderBy("number")
      .limit(limit)
      .execute(),
  findPack: (number) => sql.selectFrom("packs").selectAll().where("number", "=", number).executeTakeFirst(),
  async changePack(number, columns) {
    await sql.updateTable("packs").set(columns).where("number", "=", number).execute();
  },
  async changePacks(vault, { states, stateAt }, columns) {
    await sql
      .updateTable("packs")
      .set(columns)
      .where("vault", "=", vault)
      .where("state", "in", states)
      .$if(stateAt !== undefined, (query) => query.where("stateAt", "=", stateAt ?? null))
      .execute();
  },
  listForScrub: (scrubbedBefore, limit) =>
    sql
      .selectFrom("packs")
      .selectAll()
      .where("scrubbedAt", "<", scrubbedBefore)
      .where("state", "in", ["staged", "live", "damaged"])
      .orderBy("scrubbedAt")
      .orderBy("number")
      .limit(limit)
      .execute(),
  listTrash: (stateBefore, limit) =>
    sql
      .selectFrom("packs")
      .selectAll()
      .where("state", "=", "trash")
      .where("stateAt", "<", stateBefore)
      .orderBy("stateAt")
      .limit(limit)
      .execute(),
  async sums(vault) {
    const found = await sql
      .selectFrom("packs")
      .select((eb) => ["state", eb.fn.countAll<number>().as("packs"), eb.fn.sum<number>("sizeBytes").as("bytes")])
      .where("vault", "=", vault)
      .groupBy("state")
      .execute();
    return found.map(({ state, packs, bytes }) => ({ state, packs: Number(packs), bytes: Number(bytes ?? 0) }));
  },
});

const sqlChunkStates = (
  sql: Sql,
): Pick<
  Reach,
  "chunksOf" | "condemn" | "revive" | "lose" | "unlose" | "dropChunks" | "listCondemned" | "listGood"
> => ({
  chunksOf: (pack) =>
    sql
      .selectFrom("chunks")
      .select(["id", "offset", "length", "session", "type", "condemnedAt", "lostAt"])
      .where("pack", "=", pack)
      .orderBy("offset")
      .execute(),
  async condemn(pack, ids, at) {
    for (const part of slices(ids, IDS_PER_QUERY))
      await sql
        .updateTable("chunks")
        .set({ condemnedAt: at })
        .where("pack", "=", pack)
        .where("id", "in", part)
        .where("condemnedAt", "is", null)
        .execute();
  },
  async revive(vault, ids) {
    for (const part of slices(ids, IDS_PER_QUERY))
      await sql
        .updateTable("chunks")
        .set({ condemnedAt: null })
        .where("vault", "=", vault)
        .where("id", "in", part)
        .where("lostAt", "is", null)
        .execute();
  },
  async lose(pack, at) {
    await sql.updateTable("chunks").set({ lostAt: at }).where("pack", "=", pack).execute();
  },
  async unlose(pack) {
    await sql.updateTable("chunks").set({ lostAt: null }).where("pack", "=", pack).execute();
  },
  async dropChunks(pack, ids) {
    for (const part of slices(ids, IDS_PER_QUERY)) {
      await sql.deleteFrom("chunkLinks").where("pack", "=", pack).where("chunk", "in", part).execute();
      await sql.deleteFrom("chunks").where("pack", "=", pack).where("id", "in", part).execute();
    }
  },
  async listCondemned(vault, ids) {
    const condemned: Uint8Array[] = [];
    for (const part of slices(ids, IDS_PER_QUERY)) {
      const found = await sql
        .selectFrom("chunks")
        .select(["id", "condemnedAt"])
        .where("vault", "=", vault)
        .where("id", "in", part)
        .where("lostAt", "is", null)
        .execute();
      const good = new Set(found.filter((row) => row.condemnedAt === null).map((row) => text(row.id)));
      const bad = new Map(found.map((row) => [text(row.id), row.id]));
      for (const [key, id] of bad) if (!good.has(key)) condemned.push(id);
    }
    return condemned;
  },
  async listGood(vault, ids) {
    const good: Uint8Array[] = [];
    for (const part of slices(ids, IDS_PER_QUERY)) {
      const found = await sql
        .selectFrom("chunks")
        .select("id")
        .distinct()
        .where("vault", "=", vault)
        .where("id", "in", part)
        .where("condemnedAt", "is", null)
        .where("lostAt", "is", null)
        .execute();
      good.push(...found.map(({ id }) => id));
    }
    return good;
  },
});

const sqlSnapshotStates = (
  sql: Sql,
): Pick<Reach, "listRecordsForScrub" | "listSnapshots" | "changeSnapshots" | "findAgentToken" | "removeSnapshots"> => ({
  listRecordsForScrub: (scrubbedBefore, limit) =>
    sql
      .selectFrom("snapshots")
      .selectAll()
      .where("scrubbedAt", "<", scrubbedBefore)
      .orderBy("scrubbedAt")
      .limit(limit)
      .execute(),
  listSnapshots: (vault, states) =>
    sql
      .selectFrom("snapshots")
      .selectAll()
      .where("vault", "=", vault)
      .where("state", "in", states)
      .orderBy("sequence")
      .execute(),
  async changeSnapshots(vault, sequences, columns) {
    for (const part of slices(sequences, IDS_PER_QUERY))
      await sql
        .updateTable("snapshots")
        .set(columns)
        .where("vault", "=", vault)
        .where("sequence", "in", part)
        .execute();
  },
  async findAgentToken(machine) {
    const found = await sql
      .selectFrom("tokens")
      .select("digest")
      .where("machine", "=", machine)
      .where("audience", "=", "agent")
      .orderBy("createdAt", "desc")
      .limit(1)
      .executeTakeFirst();
    return found?.digest;
  },
  async removeSnapshots(vault) {
    await sql.deleteFrom("snapshots").where("vault", "=", vault).execute();
  },
});
