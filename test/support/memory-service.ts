/** A service in a Map, as far as a backup needs one: for tests of the engine that want to look at every pack, or to refuse one. */

import type { AgentRemote } from "../../agent/remote/remote.ts";
import { sha256 } from "../../base/digest.ts";
import { signingKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { CommitRequest, EndRequest } from "../../protocol/messages/sessions.ts";
import { decodePackFrame, type PackFrame } from "../../protocol/pack-format.ts";
import { encodeReceipt } from "../../protocol/receipt.ts";
import { decodeSnapshotRecord, isSigned, NO_RECORD, recordHash } from "../../protocol/snapshot-record.ts";

const receiptSigner = signingKey(Buffer.alloc(32, 9));
export const MEMORY_RECEIPT_KEY = receiptSigner.publicKey;

export class MemoryService {
  readonly packs = new Map<string, { bytes: Buffer; frame: PackFrame; isLive: boolean }>();
  readonly records: Buffer[] = [];
  readonly ends: EndRequest[] = [];
  readonly commits: CommitRequest[] = [];
  /** Called before each pack is taken; may throw. */
  beforePack: (pack: { id: string; bytes: Buffer }) => void | Promise<void> = () => undefined;
  limitBytes: number | null = null;
  /** How many of the chunks that it lacks it names. */
  missingMax = 1000;
  packsTaken = 0;
  /** What the service says of lost chunks when a session opens. */
  losses = 0;

  get storedBytes(): number {
    return [...this.packs.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** What the pages and lists of staged packs refer to, by pack. */
  stagedLinks(): Map<string, string[]> {
    const linksOf = ({ links }: { links: Buffer }) =>
      Array.from({ length: links.length / 32 }, (_, at) => links.toString("hex", at * 32, at * 32 + 32));
    return new Map(
      [...this.packs].flatMap(([id, { frame, isLive }]) => (isLive ? [] : [[id, frame.chunks.flatMap(linksOf)]])),
    );
  }

  /** As the service does: staged pages that refer to what is missing go. */
  dropUnmet(): void {
    const chunks = this.chunks();
    const unmet = [...this.stagedLinks()].filter(([, links]) => links.some((id) => !chunks.has(id)));
    for (const [pack] of unmet) this.packs.delete(pack);
    if (unmet.length > 0) this.dropUnmet();
  }

  chunks(): Map<string, Buffer> {
    const chunks = new Map<string, Buffer>();
    for (const { frame } of this.packs.values())
      for (const { id, links } of frame.chunks) chunks.set(id.toString("hex"), links);
    return chunks;
  }

  remote(): AgentRemote {
    const service = this;
    const unused = () => {
      throw new Error("not part of a backup");
    };
    return {
      machine: unused,
      async *snapshots() {
        for (const [index, bytes] of [...service.records.entries()].reverse())
          yield {
            sequence: index + 1,
            record: recordHash(bytes).toString("hex"),
            receivedAt: new Date(1_700_000_000_000).toISOString(),
            claimedAt: new Date(1_700_000_000_000).toISOString(),
            incomplete: false,
            files: 0,
            bytes: 0,
          };
      },
      backups: unused,
      restores: unused,
      orders: unused,
      refuseOrder: unused,
      noteOrder: unused,
      orderedFiles: unused,
      progressOrder: unused,
      policy: unused,
      takePolicy: unused,
      heartbeat: unused,
      openSession: async () => {
        const staged = [...service.packs.values()].filter(({ isLive }) => !isLive);
        const last = service.records.at(-1);
        const used = service.storedBytes;
        return {
          session: "00000000-0000-4000-8000-000000000000",
          fence: 1,
          leaseSeconds: 900,
          sequence: service.records.length + 1,
          previous: last ? recordHash(last).toString("hex") : NO_RECORD,
          losses: service.losses,
          staged: { packs: staged.length, bytes: staged.reduce((sum, { bytes }) => sum + bytes.length, 0) },
          quota: {
            usedBytes: used,
            limitBytes: service.limitBytes,
            availableBytes: service.limitBytes === null ? null : Math.max(0, service.limitBytes - used),
            state: "below" as const,
          },
        };
      },
      async *chunkIds(_session, scope) {
        const packs = [...service.packs.values()].filter(({ isLive }) => scope === "all" || !isLive);
        for (const { frame } of packs) yield Buffer.concat(frame.chunks.map(({ id }) => id));
      },
      putPack: async (_session, id, bytes) => {
        await service.beforePack({ id, bytes });
        if (sha256(bytes).toString("hex") !== id)
          throw new HoldfastError("pack/corrupt", { pack: id, reason: "its digest is another" });
        if (service.limitBytes !== null && service.storedBytes + bytes.length > service.limitBytes) {
          throw new HoldfastError("quota/exceeded", {
            level: "machine",
            used: service.storedBytes,
            limit: service.limitBytes,
            wanted: bytes.length,
          });
        }
        const copy = Buffer.from(bytes);
        const known = service.packs.has(id);
        service.packs.set(id, {
          bytes: copy,
          frame: decodePackFrame(copy.length, (offset, length) => copy.subarray(offset, offset + length)),
          isLive: false,
        });
        service.packsTaken++;
        return { bytes: bytes.length, known };
      },
      progress: async () => undefined,
      commit: async (_session, request) => {
        const bytes = Buffer.from(request.record, "base64");
        const record = decodeSnapshotRecord(bytes);
        if (!isSigned(bytes, record))
          throw new HoldfastError("snapshot/malformed", { reason: "its signature is wrong" });
        const chunks = service.chunks();
        const links = [...service.stagedLinks().values()].flat();
        const wanted = new Set([record.root.toString("hex"), ...links]);
        const missing = [...wanted].filter((id) => !chunks.has(id));
        if (missing.length > 0 && request.dropUnmet) service.dropUnmet();
        if (missing.length > 0)
          throw new HoldfastError("chunk/missing", {
            count: missing.length,
            missing: missing.slice(0, service.missingMax),
          });
        for (const [id, pack] of service.packs) service.packs.set(id, { ...pack, isLive: true });
        service.records.push(bytes);
        service.commits.push(request);
        const receipt = encodeReceipt(
          {
            vault: record.vault,
            machine: record.machine,
            sequence: record.sequence,
            record: recordHash(bytes),
            receivedAt: 1_700_000_000_000,
          },
          (message) => receiptSigner.sign(message),
        );
        return {
          receipt: receipt.toString("base64"),
          sequence: record.sequence,
          machine: record.machine.toString("hex"),
        };
      },
      end: async (_session, request) => {
        service.ends.push(request);
      },
    };
  }
}
