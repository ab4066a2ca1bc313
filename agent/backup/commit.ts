/** Makes the snapshot record (format §7) and commits it: the only moment that counts. */

import { signingKey } from "../../base/signing.ts";
import type { RunChanges, RunFlag } from "../../protocol/brakes.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { Counters, OpenResponse } from "../../protocol/messages/sessions.ts";
import { CHUNK_TYPES } from "../../protocol/pack-format.ts";
import { decodeReceipt, isReceiptSigned } from "../../protocol/receipt.ts";
import { encodeSnapshotRecord, recordHash } from "../../protocol/snapshot-record.ts";
import { VERSION } from "../../protocol/version.ts";
import { makeChunkNamer } from "../chunk/chunk-id.ts";
import { sealedBytesMax, sealInto } from "../chunk/seal.ts";
import type { WriteKeys } from "../keys/vault-keys.ts";
import type { HistoryRemote } from "../remote/history-remote.ts";
import { openSealSession } from "../vault/seal-session.ts";
import { type Patience, persist } from "./persist.ts";
import type { Problems } from "./problems.ts";

export interface CommitOptions extends Patience {
  readonly remote: HistoryRemote;
  readonly session: OpenResponse;
  readonly keys: WriteKeys;
  /** 16 bytes. */
  readonly machine: Buffer;
  readonly root: Buffer;
  readonly claimedAt: number;
  readonly body: SnapshotBody;
  readonly counters: Counters;
  readonly changes: RunChanges;
  readonly flags: readonly RunFlag[];
  readonly problems: Problems;
  /** Why something is missing, if so: then the snapshot is incomplete. */
  readonly code: string | undefined;
  /** Ed25519 public key of the service's receipts. */
  readonly receiptKey: Buffer;
}

/** What a snapshot says about itself, sealed. */
export interface SnapshotBody {
  readonly host: string;
  readonly agent: string;
  readonly set: string;
  readonly type: string;
  /** Base64. */
  readonly roots: readonly string[];
  readonly files: number;
  readonly folders: number;
  readonly bytes: number;
  readonly problems: number;
}

export interface Committed {
  readonly receipt: Buffer;
  readonly record: Buffer;
  readonly receivedAt: number;
}

/** Throws `chunk/missing` when the service lacks something that the catalog needs. */
export async function commit(options: CommitOptions): Promise<Committed> {
  const { remote, session, counters, problems, code, changes, flags } = options;
  const bytes = await makeRecord(options);
  const request = {
    fence: session.fence,
    record: bytes.toString("base64"),
    counters,
    problems: problems.list,
    problemCount: problems.count,
    ...(code === undefined ? {} : { code }),
    ...(flags.length === 0 ? {} : { flags: [...flags], changes }),
    dropUnmet: true,
  };
  // The same record again gives the same receipt, so a lost answer is asked for again.
  const answer = await persist(options, () => remote.commit(session.session, request));
  const receipt = Buffer.from(answer.receipt, "base64");
  const record = recordHash(bytes);
  const said = decodeReceipt(receipt);
  if (
    !isReceiptSigned(receipt, options.receiptKey) ||
    !said.record.equals(record) ||
    said.sequence !== session.sequence
  ) {
    throw new HoldfastError("service/protocol", {
      request: "commit",
      reason: "the receipt is not for this snapshot, or not signed by this service",
    });
  }
  return { receipt, record, receivedAt: said.receivedAt };
}

async function makeRecord({ session, keys, machine, root, claimedAt, body, code }: CommitOptions): Promise<Buffer> {
  const sealing = await openSealSession(keys);
  const plain = Buffer.from(JSON.stringify({ ...body, agent: VERSION }));
  const sealed = Buffer.alloc(sealedBytesMax(plain.length));
  const type = CHUNK_TYPES.body;
  const id = makeChunkNamer(keys.idKey)(type, plain);
  const length = sealInto(sealed, 0, { type, id, plain, level: 3, sessionIndex: 0 }, sealing);
  const signer = signingKey(keys.signerSeed);
  return encodeSnapshotRecord(
    {
      incomplete: code !== undefined,
      vault: keys.vault,
      machine,
      sequence: session.sequence,
      previous: Buffer.from(session.previous, "hex"),
      root,
      epoch: keys.epoch,
      claimedAt,
      signer: signer.publicKey,
      signerProof: keys.signerProof,
      enc: sealing.enc,
      body: sealed.subarray(0, length),
    },
    (message) => signer.sign(message),
  );
}
