/** A machine that speaks to a test service by bare routes, with packs whose sealed chunks are noise: the service can't tell. */
import { randomBytes, randomUUID } from "node:crypto";
import { hkdfSha256, sha256 } from "../../base/digest.ts";
import { hpkePublicKey, sealBase } from "../../base/hpke.ts";
import { type SigningKey, signingKey } from "../../base/signing.ts";
import {
  CHUNK_TYPES,
  encodePackEnd,
  encodePackHeader,
  PACK_KINDS,
  type PackChunk,
  packHeaderBytes,
} from "../../protocol/pack-format.ts";
import { encodeSnapshotRecord, recordHash, type SnapshotRecord } from "../../protocol/snapshot-record.ts";
import type { Answered, TestService } from "./test-service.ts";

export const NO_COUNTERS = {
  files: 3,
  bytes: 300,
  filesEncoded: 2,
  bytesEncoded: 200,
  filesTransferred: 2,
  bytesTransferred: 200,
};

export const machineFacts = (more: Record<string, unknown> = {}) => ({
  name: "den",
  os: "Debian 13",
  kind: "desktop",
  virtual: false,
  fingerprint: randomBytes(32).toString("hex"),
  agentVersion: "0.1.0",
  ...more,
});

export interface VaultSide {
  readonly secret: Buffer;
  readonly id: Buffer;
  readonly readKey: Buffer;
  readonly signer: SigningKey;
  readonly signerProof: Buffer;
}

export function makeVault(): VaultSide {
  const [secret, id] = [randomBytes(32), randomBytes(16)];
  const readKey = hpkePublicKey(hkdfSha256(secret, id, "holdfast/v1/read", 32));
  return { secret, id, readKey, signer: signingKey(randomBytes(32)), signerProof: randomBytes(32) };
}

/** What `register` carries. */
export async function vaultPublic(test: TestService, vault: VaultSide, more: Record<string, unknown> = {}) {
  const { kek } = (await test.call("service")).json;
  const epoch = Buffer.from([1, 0, 0, 0]);
  const info = Buffer.concat([Buffer.from("holdfast/v1/wrap/default"), vault.id, epoch]);
  const publicKey = Buffer.from(kek.publicKey, "base64");
  const { enc, ciphertext } = await sealBase({ publicKey, info, plaintext: vault.secret });
  const wrap = { kind: "default", kek: kek.id, enc: enc.toString("base64"), ciphertext: ciphertext.toString("base64") };
  return {
    id: vault.id.toString("hex"),
    readKey: vault.readKey.toString("base64"),
    signer: vault.signer.publicKey.toString("base64"),
    signerProof: vault.signerProof.toString("base64"),
    wrap,
    ...more,
  };
}

export interface TestPack {
  readonly id: string;
  readonly bytes: Buffer;
  readonly chunks: readonly Buffer[];
}

/** `chunks`: their ids, with the ids that each refers to. */
export function makePack(
  vault: Buffer,
  chunks: readonly { id?: Buffer; links?: readonly Buffer[]; length?: number }[],
  kind: "data" | "pages" = "data",
): TestPack {
  const header = encodePackHeader({ kind: PACK_KINDS[kind], vault, sessions: [randomBytes(32)] });
  const type = kind === "data" ? CHUNK_TYPES.data : CHUNK_TYPES.page;
  let offset = packHeaderBytes(1);
  const placed: PackChunk[] = [];
  const bodies: Buffer[] = [];
  for (const { id = randomBytes(32), links = [], length = 200 } of chunks) {
    placed.push({ id, type, session: 0, offset, length, links: Buffer.concat([...links]) });
    bodies.push(randomBytes(length));
    offset += length;
  }
  const bytes = Buffer.concat([header, ...bodies, encodePackEnd(placed, offset)]);
  return { id: sha256(bytes).toString("hex"), bytes, chunks: placed.map(({ id }) => id) };
}

export const dataPack = (vault: Buffer, count = 2): TestPack =>
  makePack(
    vault,
    Array.from({ length: count }, () => ({})),
  );

export const pagesPack = (vault: Buffer, links: readonly Buffer[]): TestPack => makePack(vault, [{ links }], "pages");

export class TestMachine {
  readonly test: TestService;
  readonly vault: VaultSide;
  readonly id: string;
  token: string;
  /** What the service said of the open session. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer.
  session: any;

  constructor(test: TestService, vault: VaultSide, registered: { machine: string; token: string }) {
    this.test = test;
    this.vault = vault;
    this.id = registered.machine;
    this.token = registered.token;
  }

  async open(key: string = randomUUID()): Promise<Answered> {
    const body = { type: "Manual", idempotencyKey: key, agentVersion: "0.1.0" };
    const answered = await this.test.call("openSession", { token: this.token, body });
    if (answered.status === 200) this.session = answered.json;
    return answered;
  }

  put(pack: TestPack, more: { session?: string; id?: string; body?: Buffer } = {}): Promise<Answered> {
    const params = { session: more.session ?? this.session.session, pack: more.id ?? pack.id };
    return this.test.call("putPack", { token: this.token, params, body: more.body ?? pack.bytes });
  }

  record(root: Buffer, more: Partial<SnapshotRecord> = {}): Buffer {
    const record = {
      incomplete: false,
      vault: this.vault.id,
      machine: Buffer.from(this.id, "hex"),
      sequence: this.session.sequence,
      previous: Buffer.from(this.session.previous, "hex"),
      root,
      epoch: 1,
      claimedAt: 1_700_000_000_000,
      signer: this.vault.signer.publicKey,
      signerProof: this.vault.signerProof,
      enc: randomBytes(32),
      body: randomBytes(120),
      ...more,
    };
    return encodeSnapshotRecord(record, (message) => this.vault.signer.sign(message));
  }

  commit(record: Buffer, more: Record<string, unknown> = {}, session?: string): Promise<Answered> {
    const body = {
      fence: this.session.fence,
      record: record.toString("base64"),
      counters: NO_COUNTERS,
      problems: [],
      problemCount: 0,
      ...more,
    };
    const params = { session: session ?? this.session.session };
    return this.test.call("commitSession", { token: this.token, params, body });
  }

  end(more: Record<string, unknown> = {}): Promise<Answered> {
    const body = { fence: this.session.fence, code: "backup/cancelled", message: "Stopped.", ...ENDED, ...more };
    return this.test.call("endSession", { token: this.token, params: { session: this.session.session }, body });
  }

  /** A whole backup of `count` chunks; answers the packs and the record. */
  async backUp(
    count = 2,
    more: Record<string, unknown> = {},
  ): Promise<{ data: TestPack; pages: TestPack; record: Buffer; hash: string; answered: Answered }> {
    await this.open();
    const data = dataPack(this.vault.id, count);
    const pages = pagesPack(this.vault.id, data.chunks);
    await this.put(data);
    await this.put(pages);
    const record = this.record(pages.chunks[0] ?? Buffer.alloc(32));
    const answered = await this.commit(record, more);
    return { data, pages, record, hash: recordHash(record).toString("hex"), answered };
  }

  async restore(token: string, more: Record<string, unknown> = {}): Promise<Answered> {
    return await this.test.call("openRestore", {
      token,
      params: { machine: this.id },
      body: { source: "cli", ...more },
    });
  }
}

const ENDED = { counters: NO_COUNTERS, problems: [], problemCount: 0 };

/** Registers a machine with the first product key of its kind. */
export async function registerMachine(
  test: TestService,
  more: { productKey?: string; facts?: object } = {},
): Promise<TestMachine> {
  const vault = makeVault();
  const productKey = more.productKey ?? test.first.productKeys.desktop;
  const body = { productKey, machine: machineFacts({ ...more.facts }), vault: await vaultPublic(test, vault) };
  const { status, json } = await test.call("register", { body });
  if (status !== 200) throw new Error(`registration: ${JSON.stringify(json)}`);
  return new TestMachine(test, vault, json);
}
