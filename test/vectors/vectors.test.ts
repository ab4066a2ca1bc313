/** Holdfast obeys the test vectors (README.md beside this file). */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BundleCuts } from "../../agent/chunk/bundle-cuts.ts";
import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { makeCutHash } from "../../agent/chunk/cut-hash.ts";
import { padmeLength } from "../../agent/chunk/padme.ts";
import { open } from "../../agent/chunk/open.ts";
import { SealSession, sealedBytesMax, sealInto } from "../../agent/chunk/seal.ts";
import { decodeSealedHeader } from "../../agent/chunk/sealed-frame.ts";
import { gearTable } from "../../agent/chunk/splitter.ts";
import { deriveVaultKeys, signerProof } from "../../agent/keys/vault-keys.ts";
import { fingerprintOf, openCorporate } from "../../agent/keys/corporate-wrap.ts";
import { openRecoveryKit } from "../../agent/keys/recovery-kit.ts";
import { type CustomWrap, openCustom, wrapCustom } from "../../agent/keys/wraps.ts";
import { decodeList, putLists } from "../../agent/model/list.ts";
import { decodePage, encodeParent, LeafWriter, pageLinks } from "../../agent/model/page.ts";
import { readSessionKey } from "../../agent/vault/seal-session.ts";
import { decodeSnapshotBody } from "../../agent/vault/snapshot-body.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { sha256 } from "../../base/digest.ts";
import { openBase } from "../../base/hpke.ts";
import { signingKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { malformed } from "../../protocol/malformed.ts";
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { decodePruneNote, encodePruneNote, isPruneNoteSigned } from "../../protocol/prune-note.ts";
import { decodeReceipt, encodeReceipt, isReceiptSigned, type Receipt } from "../../protocol/receipt.ts";
import { decodeSnapshotRecord, encodeSnapshotRecord, isSigned, recordHash } from "../../protocol/snapshot-record.ts";
import { decodeVaultCard, encodeVaultCard } from "../../protocol/vault-card.ts";
import { buildCatalog } from "../../scripts/vectors/catalogs.ts";
import { decodePack, packOf } from "../../scripts/vectors/packs.ts";
import { cutAll, inputBytes } from "../../scripts/vectors/primitives.ts";
import { entryFromJson, entryToJson, type EntryJson, sliceFromJson, sliceToJson, type SliceJson } from "../support/entry-json.ts";

// What stands in our own files is known; a field that is missing fails its test.
// biome-ignore lint/suspicious/noExplicitAny: read from JSON, looked at only here.
type Vector = any;

const load = (name: string): Vector => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8"));
const bytes = (text: string): Buffer => Buffer.from(text, "hex");
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");
const allHex = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([name, each]) => [name, Buffer.isBuffer(each) ? hex(each) : each]));

/** The code and reason with which `work` fails. */
function refusalOf(work: () => unknown): object {
  try {
    return { accepted: work() };
  } catch (error) {
    if (error instanceof HoldfastError) return { error: error.code, reason: error.data.reason };
    throw error;
  }
}

function expectRefused(bad: readonly Vector[], decode: (bytes: Buffer) => unknown): void {
  expect(bad.length).toBeGreaterThan(8);
  for (const { name, bytes: text, error, reason } of bad)
    expect({ name, ...refusalOf(() => decode(bytes(text))) }).toEqual({ name, error, reason });
}

test("numbers are written and read in their shortest form", () => {
  const vectors = load("numbers");
  for (const { value, bytes: text } of vectors.varint) {
    expect(hex(new ByteWriter().varint(value).take())).toBe(text);
    expect(new ByteReader(bytes(text), malformed("number")).varint()).toBe(value);
  }
  for (const { value, bytes: text } of vectors.svarint) {
    expect(hex(new ByteWriter().svarint(value).take())).toBe(text);
    expect(new ByteReader(bytes(text), malformed("number")).svarint()).toBe(value);
  }
  expectRefused(vectors.bad, (text) => new ByteReader(text, malformed("number")).varint());
});

test("every key follows from the vault secret", async () => {
  const vectors = load("keys");
  for (const { name: _, secret, vault, epoch, machineKey, signerProof: proof, ...expected } of vectors.derived) {
    const keys = deriveVaultKeys(bytes(secret), bytes(vault), epoch);
    expect(allHex(keys)).toEqual({ vault, epoch, ...expected });
    expect(hex(signerProof(keys, bytes(machineKey)))).toBe(proof);
  }
  for (const { secret, vault, epoch, enc, key } of vectors.sessions)
    expect(hex(await readSessionKey(deriveVaultKeys(bytes(secret), bytes(vault), epoch), bytes(enc)))).toBe(key);
});

test("corporate wraps open with the private key they are for, and for their vault only", () => {
  const vectors = load("wraps");
  const keyOf = (pem: string) => {
    const privateKey = createPrivateKey(pem);
    return { privateKey, fingerprint: fingerprintOf(privateKey) };
  };
  for (const { secret, vault, epoch, private: pem, wrap } of vectors.corporate)
    expect(hex(openCorporate(wrap, { vault: bytes(vault), epoch }, keyOf(pem)))).toBe(secret);
  for (const { name, vault, epoch, private: pem, wrap, error } of vectors.badCorporate)
    expect(() => openCorporate(wrap, { vault: bytes(vault), epoch }, keyOf(pem)), name).toThrow(
      expect.objectContaining({ code: error }),
    );
});

test("a recovery kit gives the vault secret it was made of, and what is none is refused", () => {
  const vectors = load("kits");
  for (const { name, secret, vault, epoch, text } of vectors.good) {
    const opened = openRecoveryKit(text);
    expect([hex(opened.secret), opened.vault && hex(opened.vault), opened.epoch], name).toEqual([secret, vault, epoch]);
  }
  for (const { name, text, error } of vectors.bad)
    expect(() => openRecoveryKit(text), name).toThrow(expect.objectContaining({ code: error }));
});

test("wraps give the vault secret to whom they are for, and to nobody else", async () => {
  const vectors = load("wraps");
  for (const { secret, vault, epoch, passphrase, salt, nonce, wrap } of vectors.custom) {
    const scope = { vault: bytes(vault), epoch };
    expect(hex(await openCustom(wrap, scope, passphrase))).toBe(secret);
    const random = (length: number) => bytes(length === 16 ? salt : nonce);
    expect(await wrapCustom(bytes(secret), scope, passphrase, random)).toEqual(wrap);
  }
  for (const { name, vault, epoch, passphrase, wrap, error } of vectors.badCustom) {
    const opened = openCustom(wrap as CustomWrap, { vault: bytes(vault), epoch }, passphrase);
    await expect(opened, name).rejects.toMatchObject({ code: error });
  }
  for (const { secret, vault, epoch, kekPrivate, wrap } of vectors.default) {
    const info = new ByteWriter().bytes(Buffer.from("holdfast/v1/wrap/default")).bytes(bytes(vault)).u32(epoch).take();
    const [enc, ciphertext] = [Buffer.from(wrap.enc, "base64"), Buffer.from(wrap.ciphertext, "base64")];
    const opened = await openBase({ privateKey: bytes(kekPrivate), enc, info, ciphertext });
    expect(opened && hex(opened)).toBe(secret);
    const other = await openBase({ privateKey: bytes(kekPrivate), enc, info: Buffer.concat([info, info]), ciphertext });
    expect(other).toBeUndefined();
  }
});

test("the splitter cuts where it must", () => {
  const { splitKey, gearHead, gearSha256, good } = load("splitter");
  expect(hex(gearTable(bytes(splitKey)).subarray(0, 64))).toBe(gearHead);
  expect(hex(sha256(gearTable(bytes(splitKey))))).toBe(gearSha256);
  for (const { chunks, ...input } of good) expect({ ...input, chunks: cutAll(bytes(splitKey), inputBytes(input)) }).toEqual({ ...input, chunks });
});

test("cut hashes and bundles", () => {
  const { splitKey, good, bundles } = load("cut-hash");
  const hash = makeCutHash(bytes(splitKey));
  for (const each of good) expect(hash(bytes(each.bytes)), each.bytes).toBe(each.hash);
  for (const { name, files, bundles: expected } of bundles) {
    const cuts = new BundleCuts(hash);
    const counts = [0];
    const end = () => {
      cuts.restart();
      counts.push(0);
    };
    for (const file of files) {
      if (cuts.endsBefore(file.size)) end();
      counts.push((counts.pop() ?? 0) + 1);
      if (cuts.add(file.size, bytes(file.name))) end();
    }
    expect(counts.filter((count) => count > 0), name).toEqual(expected);
  }
});

test("chunk ids and padded lengths", () => {
  const { idKey, good } = load("chunk-ids");
  const name = makeChunkNamer(bytes(idKey));
  for (const { type, plain, id } of good) expect(hex(name(type, bytes(plain)))).toBe(id);
  for (const { length, padded } of load("padme").good) expect(padmeLength(length), String(length)).toBe(padded);
});

test("sealed chunks open to what they say; stored ones are sealed to the very bytes", () => {
  const { vault, idKey, good } = load("sealed-chunks");
  const nameChunk = makeChunkNamer(bytes(idKey));
  for (const { type, id, enc, key, epoch, counter, sessionIndex, method, plain, sealed } of good) {
    const asked = { type, id: bytes(id), vault: bytes(vault), enc: bytes(enc), key: bytes(key) };
    expect(hex(open(bytes(sealed), asked, nameChunk))).toBe(plain);
    expect(decodeSealedHeader(bytes(sealed))).toMatchObject({ type, session: sessionIndex, epoch, id: bytes(id) });
    if (method !== 0 || counter > 10) continue;
    const session = new SealSession(bytes(key), bytes(enc), { vault: bytes(vault), epoch });
    for (let number = 0; number < counter; number++) session.nextCounter(0);
    const target = Buffer.alloc(sealedBytesMax(bytes(plain).length));
    const chunk = { type, id: bytes(id), plain: bytes(plain), level: 3, sessionIndex };
    expect(hex(target.subarray(0, sealInto(target, 0, chunk, session)))).toBe(sealed);
  }
});

test("of a sealed chunk nothing but what was asked for is released", () => {
  const { idKey, bad } = load("sealed-chunks");
  const nameChunk = makeChunkNamer(bytes(idKey));
  expect(bad.length).toBeGreaterThan(30);
  for (const { name, type, id, vault, enc, key, sealed, error, reason } of bad) {
    const asked = { type: type as ChunkType, id: bytes(id), vault: bytes(vault), enc: bytes(enc), key: bytes(key) };
    expect({ name, ...refusalOf(() => open(bytes(sealed), asked, nameChunk)) }).toEqual({ name, error, reason });
  }
});

test("packs", () => {
  const { good, bad } = load("packs");
  for (const { bytes: text, id, kind, vault, sessions, chunks } of good) {
    const pack = bytes(text);
    const frame = decodePack(pack);
    expect(hex(sha256(pack))).toBe(id);
    expect({ ...frame, vault: hex(frame.vault), sessions: frame.sessions.map(hex), chunks: frame.chunks.map(allHex) }).toEqual({ kind, vault, sessions, chunks });
    const parts = frame.chunks.map((chunk) => ({
      ...chunk,
      type: chunk.type as 1 | 2 | 3 | 4, // A body is refused in packs.
      links: chunk.links.length > 0 ? [chunk.links] : [],
      sealed: pack.subarray(chunk.offset, chunk.offset + chunk.length),
    }));
    expect(hex(packOf({ kind: frame.kind, encs: frame.sessions, parts }))).toBe(text);
  }
  expectRefused(bad, decodePack);
});

test("pages", () => {
  const { good, bad } = load("pages");
  for (const { name, bytes: text, links, level, entries, children } of good) {
    const page = decodePage(bytes(text));
    expect(page.level).toBe(level);
    expect(hex(pageLinks(bytes(text)))).toBe(links);
    if ("entries" in page) {
      expect(page.entries.map(entryToJson), name).toEqual(entries);
      const leaf = new LeafWriter();
      for (const entry of entries) leaf.add(entryFromJson(entry as EntryJson));
      expect(allHex(leaf.finish()), name).toMatchObject({ plain: text, links });
    } else {
      expect(page.children.map(allHex), name).toEqual(children);
      const asBytes = children.map((child: Vector) => ({ ...child, firstPath: bytes(child.firstPath), page: bytes(child.page) }));
      expect(allHex(encodeParent(level, asBytes)), name).toEqual({ plain: text, links });
    }
  }
  expectRefused(bad, decodePage);
});

test("catalogs end their pages where they must", () => {
  for (const { name, prefix, count, ...expected } of load("catalogs").good)
    expect(buildCatalog(prefix, count), name).toEqual(expected);
});

test("lists", () => {
  const { good, bad } = load("lists");
  for (const { name, idKey, slices, count, root, lists } of good) {
    const nameChunk = makeChunkNamer(bytes(idKey));
    const plains = new Map<string, Buffer>(lists.map((list: Vector) => [list.id, bytes(list.bytes)]));
    const read = (id: string): SliceJson[] => {
      const list = decodeList(plains.get(id) ?? Buffer.alloc(0));
      return "slices" in list ? list.slices.map(sliceToJson) : list.children.flatMap((child) => read(hex(child.list)));
    };
    const all = read(root);
    expect(all, name).toHaveLength(count);
    if (slices) expect(all, name).toEqual(slices);
    const made: Vector[] = [];
    const again = putLists(all.map(sliceFromJson), ({ plain, links }) => {
      const id = nameChunk(CHUNK_TYPES.list, plain);
      made.push({ id: hex(id), bytes: hex(plain), links: hex(links) });
      return id;
    });
    expect(hex(again), name).toBe(root);
    expect(made, name).toEqual(lists);
  }
  expectRefused(bad, decodeList);
});

test("snapshot records", () => {
  const { signerSeed, bodyKey, body, good, bad, unsigned } = load("snapshot-records");
  const signer = signingKey(bytes(signerSeed));
  const { idKey } = load("chunk-ids");
  for (const { name: _, bytes: text, hash, ...expected } of good) {
    const record = decodeSnapshotRecord(bytes(text));
    expect(allHex(record)).toEqual(expected);
    expect(isSigned(bytes(text), record)).toBe(true);
    expect(hex(recordHash(bytes(text)))).toBe(hash);
    expect(hex(encodeSnapshotRecord(record, (message) => signer.sign(message)))).toBe(text);
    const { vault, enc, body: sealed } = record;
    const asked = { type: CHUNK_TYPES.body, id: decodeSealedHeader(sealed).id, vault, enc, key: bytes(bodyKey) };
    const said = decodeSnapshotBody(open(sealed, asked, makeChunkNamer(bytes(idKey))));
    expect({ ...said, roots: said.roots.map((root) => root.toString("base64")) }).toEqual(body);
  }
  expectRefused(bad, decodeSnapshotRecord);
  for (const { name, bytes: text } of unsigned) expect(isSigned(bytes(text), decodeSnapshotRecord(bytes(text))), name).toBe(false);
});

test("receipts", () => {
  const { receiptSeed, receiptKey, good, bad, unsigned } = load("receipts");
  const signer = signingKey(bytes(receiptSeed));
  for (const { name: _, bytes: text, ...expected } of good) {
    const receipt: Receipt = decodeReceipt(bytes(text));
    expect(allHex(receipt)).toEqual(expected);
    expect(isReceiptSigned(bytes(text), bytes(receiptKey))).toBe(true);
    expect(hex(encodeReceipt(receipt, (message) => signer.sign(message)))).toBe(text);
  }
  expectRefused(bad, decodeReceipt);
  for (const { name, bytes: text } of unsigned) expect(isReceiptSigned(bytes(text), bytes(receiptKey)), name).toBe(false);
});

test("prune notes and vault cards", () => {
  const { receiptSeed, receiptKey, notes, cards } = load("storage");
  const sign = (message: Buffer) => signingKey(bytes(receiptSeed)).sign(message);
  for (const { name: _, bytes: text, vault, writtenAt, snapshots } of notes.good) {
    const note = decodePruneNote(bytes(text));
    expect({ vault: hex(note.vault), writtenAt: note.writtenAt, snapshots: note.snapshots.map(allHex) }).toEqual({ vault, writtenAt, snapshots });
    expect(isPruneNoteSigned(bytes(text), bytes(receiptKey))).toBe(true);
    expect(hex(encodePruneNote(note, sign))).toBe(text);
  }
  expectRefused(notes.bad, decodePruneNote);
  for (const { name, bytes: text } of notes.unsigned) {
    decodePruneNote(bytes(text));
    expect(isPruneNoteSigned(bytes(text), bytes(receiptKey)), name).toBe(false);
  }
  for (const { bytes: text, card } of cards.good) {
    expect(decodeVaultCard(bytes(text), bytes(receiptKey))).toEqual(card);
    expect(hex(encodeVaultCard(card, sign))).toBe(text);
  }
  expectRefused(cards.bad, (text) => decodeVaultCard(text, bytes(receiptKey)));
});
