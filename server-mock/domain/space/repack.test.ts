import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { makeChunkNamer } from "../../../agent/chunk/chunk-id.ts";
import { sealedBytesMax, sealInto } from "../../../agent/chunk/seal.ts";
import { deriveVaultKeys } from "../../../agent/keys/vault-keys.ts";
import { makeOpener } from "../../../agent/vault/open-job.ts";
import { openSealSession, readSessionKey } from "../../../agent/vault/seal-session.ts";
import { sha256 } from "../../../base/digest.ts";
import { CHUNK_TYPES, encodePackEnd, encodePackHeader, packHeaderBytes } from "../../../protocol/pack-format.ts";
import { type SpacePlace, spacePlace } from "../../../test/support/space-place.ts";
import type { TestPack } from "../../../test/support/test-machine.ts";
import { packName } from "../../blobs/blobs.ts";
import { emptyTrash } from "./trash.ts";

const DAY_MS = 24 * 3600 * 1000;

/** Chunks that really are sealed, with keys of their own. */
async function sealedPack(at: SpacePlace, plains: readonly Buffer[]): Promise<TestPack> {
  const keys = keysOf(at);
  const session = await openSealSession({ ...keys, readPublic: at.machine.vault.readKey });
  const name = makeChunkNamer(keys.idKey);
  let offset = packHeaderBytes(1);
  const sealed: Buffer[] = [];
  const placed = plains.map((plain) => {
    const id = Buffer.from(name(CHUNK_TYPES.data, plain));
    const bytes = Buffer.alloc(sealedBytesMax(plain.length));
    const length = sealInto(bytes, 0, { type: CHUNK_TYPES.data, id, plain, level: 1, sessionIndex: 0 }, session);
    sealed.push(bytes.subarray(0, length));
    offset += length;
    return { id, type: CHUNK_TYPES.data, session: 0, offset: offset - length, length, links: Buffer.alloc(0) };
  });
  const vault = at.machine.vault.id;
  const header = encodePackHeader({ kind: 0, vault, sessions: [session.enc] });
  const bytes = Buffer.concat([header, ...sealed, encodePackEnd(placed, offset)]);
  return { id: sha256(bytes).toString("hex"), bytes, chunks: placed.map(({ id }) => id) };
}

const keysOf = (at: SpacePlace) => deriveVaultKeys(at.machine.vault.secret, at.machine.vault.id, 1);

/** What a reader with the vault secret gets for a chunk, from wherever the service says it lies. */
async function opened(at: SpacePlace, id: Buffer): Promise<Buffer> {
  const restore = (await at.machine.restore(await at.service.logIn())).json.token;
  const { packs, chunks } = (await at.service.call("locate", { token: restore, body: { ids: [id.toString("hex")] } }))
    .json;
  const [index, offset, length, session] = chunks[0];
  const range = { range: `bytes=${offset}-${offset + length - 1}` };
  const sealed = (
    await at.service.call("getPack", { token: restore, params: { pack: packs[index].id }, headers: range })
  ).bytes;
  const keys = keysOf(at);
  const enc = Buffer.from(packs[index].sessions[session], "base64");
  const key = await readSessionKey({ ...keys, epoch: 1 }, enc);
  return Buffer.from(makeOpener(keys.vault, makeChunkNamer(keys.idKey))({ kind: "content", id, sealed, enc, key }));
}

async function mostlyDead(): Promise<{ at: SpacePlace; kept: Buffer; plain: Buffer; sources: string[] }> {
  const at = await spacePlace();
  const [plain, other] = [randomBytes(5000), randomBytes(5000)];
  const one = await sealedPack(at, [randomBytes(50_000), plain]);
  const two = await sealedPack(at, [other, randomBytes(40_000)]);
  const [kept = Buffer.alloc(0), second = Buffer.alloc(0)] = [one.chunks[1], two.chunks[0]];
  await at.machine.open();
  await at.machine.put(one);
  await at.machine.put(two);
  await at.machine.end();
  await at.snapshot([...one.chunks, ...two.chunks], []);
  await at.snapshot([kept, second], []);
  await at.letGo(1);
  await at.collect();
  at.clock.advance(2 * DAY_MS);
  return { at, kept, plain, sources: [one.id, two.id] };
}

test("what is needed of mostly dead packs is copied into one, opens there, and the rest is free", async () => {
  const { at, kept, plain, sources } = await mostlyDead();
  const { records } = at.domain;
  const used = (await records.machines.find(at.machine.id))?.usedBytes ?? 0;
  const report = await at.collect();
  expect(report.freedBytes).toBeGreaterThan(80_000);
  expect((await records.machines.find(at.machine.id))?.usedBytes).toBe(used - report.freedBytes);
  expect((await opened(at, kept)).equals(plain)).toBe(true);
  const live = await records.reach.listPacks(await at.number(), 0, 99, ["live"]);
  expect(live.filter(({ kind }) => kind === 0)).toMatchObject([{ sizeBytes: expect.any(Number) }]);
  await at.expectSound();
  expect(await records.quota.listReservations()).toEqual([]);

  // A restore that began before still finds the old place; a week later it is gone.
  const restore = (await at.machine.restore(await at.service.logIn())).json.token;
  const old = { token: restore, params: { pack: sources[0] ?? "" } };
  expect((await at.service.call("getPack", old)).status).toBe(200);
  at.clock.advance(8 * DAY_MS);
  await emptyTrash(at.domain);
  expect((await at.service.call("getPack", old)).code).toBe("pack/missing");
  expect((await opened(at, kept)).equals(plain)).toBe(true);
  expect(await at.collect()).toMatchObject({ freedBytes: 0, trashedPacks: 0 });
});

test("of a pack that is not what it was nothing is copied", async () => {
  const { at, sources } = await mostlyDead();
  const { blobs } = at.domain;
  const vault = at.machine.vault.id.toString("hex");
  const broken = packName(vault, sources[0] ?? "");
  const pour: typeof blobs.pour = (name, range, write) =>
    blobs.pour(name, range, (piece) =>
      write(name === broken ? piece.map((byte, index) => (index === 99 ? byte ^ 1 : byte)) : piece),
    );
  const { collectVault } = await import("./collect.ts");
  await collectVault({ ...at.domain, blobs: { ...blobs, pour } }, await at.number());
  expect(await at.domain.records.damages.listOpen(await at.number())).toMatchObject([{ name: sources[0] }]);
});

test("a session that was opened meanwhile leaves everything as it was", async () => {
  const { at } = await mostlyDead();
  const { blobs, records } = at.domain;
  const put: typeof blobs.put = async (blob) => {
    const done = await blobs.put(blob);
    await at.machine.open();
    return done;
  };
  const { collectVault } = await import("./collect.ts");
  await collectVault({ ...at.domain, blobs: { ...blobs, put } }, await at.number());
  expect(await records.quota.listReservations()).toEqual([]);
  await at.machine.end();
  await at.expectSound();
  expect((await at.collect()).freedBytes).toBeGreaterThan(0);
});
