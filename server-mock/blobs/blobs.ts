/**
 * Where bytes lie, by name: `packs/…` and `records/…` (format §9). A name appears only when its bytes are whole, checked and durable,
 * and never changes what it names.
 */
import type { Readable } from "node:stream";
import type { WritePiece } from "./pour.ts";

export interface NewBlob {
  readonly name: string;
  readonly source: Readable;
  /** More or fewer bytes, or another SHA-256, are refused: `pack/corrupt`. */
  readonly sizeBytes: number;
  readonly digest: Uint8Array;
  /** Looks at the bytes before they get their name; what it throws is thrown by `put`, and nothing is kept. */
  readonly inspect?: (read: ReadBytes) => void;
}

/** Gives exactly `length` bytes from `offset`. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/** From `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Blobs {
  /** Durable when it resolves. `known`: the name was there already, with these very bytes. Throws `storage/full` and `storage/failed`. */
  put(blob: NewBlob): Promise<{ known: boolean }>;
  /** For small ones. Throws `storage/failed` when it is absent: ask for what the records name. */
  get(name: string): Promise<Buffer>;
  /** Hands the range's bytes on piece by piece, no faster than they are taken. Throws `storage/failed`, and what `write` throws. */
  pour(name: string, range: ByteRange, write: WritePiece): Promise<void>;
  /** What is really there, which may have been damaged since. */
  find(name: string): Promise<{ sizeBytes: number } | undefined>;
  /** Names below a folder, in no order. */
  list(folder: string): AsyncIterable<string>;
  /** Of what is absent: nothing happens. */
  remove(name: string): Promise<void>;
  /** Throws when the storage can't take bytes. */
  probe(): Promise<void>;
}

/** Everything lies below one of these. */
export const BLOB_FOLDERS = ["packs", "records", "receipts", "pruned", "vaults", "updates"] as const;

/** Of a version of the agent. */
export const updateFileName = (digest: string): string => `updates/files/${digest}`;

export const updateManifestName = (serial: number): string => `updates/manifests/${String(serial).padStart(16, "0")}`;

export const packName = (vault: string, pack: string): string => `packs/${vault}/${pack.slice(0, 2)}/${pack}`;

/** Of the note that says which snapshots were pruned for good. */
export const pruneNoteName = (vault: string, writtenAt: number, digest: string): string =>
  `pruned/${vault}/${String(writtenAt).padStart(16, "0")}-${digest}`;

/** Of the service's receipt for a record. */
export const receiptName = (vault: string, sequence: number, record: string): string =>
  `receipts/${vault}/${String(sequence).padStart(16, "0")}-${record}`;

/** Of a vault's card: what is needed of it besides packs and records. */
export const cardName = (vault: string, writtenAt: number, digest: string): string =>
  `vaults/${vault}/${String(writtenAt).padStart(16, "0")}-${digest}`;

export const recordName = (vault: string, sequence: number, hash: string): string =>
  `records/${vault}/${String(sequence).padStart(16, "0")}-${hash}`;
