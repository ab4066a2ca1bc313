/** Packs and the chunks in them: the rows of the data path. */
import type { ChunkPlace, Chunks, Packs } from "../records.ts";
import type { Sql } from "./database.ts";

/** Rows of one statement; seven columns each stay far below every database's limit of parameters. */
const ROWS_PER_INSERT = 200;
const IDS_PER_QUERY = 500;

export const sqlPacks = (sql: Sql): Packs => ({
  async insert(row, chunks) {
    const inserted = await sql
      .insertInto("packs")
      .values({ ...row, scrubbedAt: row.receivedAt, deadBytes: 0 })
      .onConflict((conflict) => conflict.columns(["vault", "id"]).doNothing())
      .returning("number")
      .executeTakeFirst();
    if (inserted === undefined) return undefined;
    const pack = inserted.number;
    const { vault } = row;
    for (const part of slices(chunks, ROWS_PER_INSERT))
      await sql
        .insertInto("chunks")
        .values(part.map(({ links: _, ...chunk }) => ({ ...chunk, vault, pack })))
        // A pack that names one chunk twice: the first place is as good as the second.
        .onConflict((conflict) => conflict.columns(["vault", "id", "pack"]).doNothing())
        .execute();
    const linked = chunks.flatMap(({ id, links }, position) =>
      links.length === 0 ? [] : [{ pack, position, links, chunk: id }],
    );
    for (const part of slices(linked, ROWS_PER_INSERT)) await sql.insertInto("chunkLinks").values(part).execute();
    return pack;
  },
  find: (vault, id) =>
    sql.selectFrom("packs").selectAll().where("vault", "=", vault).where("id", "=", id).executeTakeFirst(),
  async countStaged(vault) {
    const { packs, bytes } = await sql
      .selectFrom("packs")
      .select((eb) => [eb.fn.countAll<number>().as("packs"), eb.fn.sum<number>("sizeBytes").as("bytes")])
      .where("vault", "=", vault)
      .where("state", "=", "staged")
      .executeTakeFirstOrThrow();
    return { packs: Number(packs), bytes: Number(bytes ?? 0) };
  },
  listStaged(filter) {
    const staged = sql
      .selectFrom("packs")
      .select(["number", "vault", "id", "sizeBytes"])
      .where("state", "=", "staged")
      .orderBy("number");
    return "vault" in filter
      ? staged.where("vault", "=", filter.vault).execute()
      : staged.where("receivedAt", "<", filter.receivedBefore).execute();
  },
  async makeLive(vault) {
    await sql
      .updateTable("packs")
      .set({ state: "live" })
      .where("vault", "=", vault)
      .where("state", "=", "staged")
      .execute();
  },
  async remove(number) {
    await sql.deleteFrom("chunkLinks").where("pack", "=", number).execute();
    await sql.deleteFrom("chunks").where("pack", "=", number).execute();
    await sql.deleteFrom("packs").where("number", "=", number).execute();
  },
});

export const sqlChunks = (sql: Sql): Chunks => ({
  async listIds(vault, after, limit) {
    const found = await sql
      .selectFrom("chunks")
      .select("id")
      .distinct()
      .where("vault", "=", vault)
      .where("id", ">", after)
      .where("condemnedAt", "is", null)
      .where("lostAt", "is", null)
      .orderBy("id")
      .limit(limit)
      .execute();
    return found.map((row) => row.id);
  },
  async listIdsOfPack(pack, after, limit) {
    const found = await sql
      .selectFrom("chunks")
      .select("id")
      .where("pack", "=", pack)
      .where("id", ">", after)
      .orderBy("id")
      .limit(limit)
      .execute();
    return found.map((row) => row.id);
  },
  async listMissing(vault, ids) {
    const missing: Uint8Array[] = [];
    for (const part of slices(ids, IDS_PER_QUERY)) {
      const found = await sql
        .selectFrom("chunks")
        .select("id")
        .distinct()
        .where("vault", "=", vault)
        .where("id", "in", part)
        .where("lostAt", "is", null)
        .execute();
      if (found.length === part.length) continue; // Distinct ids, all found.
      const here = new Set(found.map((row) => text(row.id)));
      missing.push(...part.filter((id) => !here.has(text(id))));
    }
    return missing;
  },
  async locate(vault, ids) {
    const places = new Map<string, ChunkPlace>();
    for (const part of slices(ids, IDS_PER_QUERY)) {
      const found = await sql
        .selectFrom("chunks")
        .innerJoin("packs", "packs.number", "chunks.pack")
        .select([
          "chunks.id",
          "chunks.pack",
          "chunks.offset",
          "chunks.length",
          "chunks.session",
          "packs.id as packId",
          "packs.sessions",
          "chunks.lostAt",
        ])
        .where("chunks.vault", "=", vault)
        .where("chunks.id", "in", part)
        .where("packs.state", "in", ["live", "damaged"])
        .orderBy("chunks.pack")
        .execute();
      // A damaged pack may still have a chunk that lies nowhere else; it proves itself when it is opened.
      for (const wantLost of [false, true])
        for (const { lostAt, ...place } of found)
          if ((lostAt !== null) === wantLost && !places.has(text(place.id))) places.set(text(place.id), place);
    }
    return [...places.values()];
  },
  async listLinks(pack) {
    const found = await sql
      .selectFrom("chunkLinks")
      .select("links")
      .where("pack", "=", pack)
      .orderBy("position")
      .execute();
    return found.map((row) => row.links);
  },
});

export const text = (id: Uint8Array): string => Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("latin1");

export function* slices<T>(all: readonly T[], length: number): Generator<T[]> {
  for (let at = 0; at < all.length; at += length) yield all.slice(at, at + length);
}
