/**
 * What the main thread and the reading threads say to each other. Lists of files travel as a few flat arrays: cloning an object a
 * file would cost more than reading it.
 */
import type { ErrorCode } from "../../protocol/error-codes.ts";
import type { ErrorData } from "../../protocol/errors.ts";
import type { Found } from "../disk/found.ts";

/** Which file to open, and what the walk saw of it. */
export type FileToRead = Pick<Found, "path" | "dev" | "ino" | "uid" | "sizeBytes" | "blocks">;

export interface PackedFiles {
  readonly paths: Uint8Array;
  /** Per file: path length, uid, size, blocks. */
  readonly numbers: Float64Array;
  /** Per file: dev, ino. */
  readonly inodes: BigUint64Array;
}

/** `bundle`: several small files; `file`: one, or a segment of it. */
export interface ReadJob {
  readonly kind: "bundle" | "file";
  readonly files: PackedFiles;
  /** Of a file. */
  readonly segment?: Segment;
}

export interface Segment {
  readonly from: number;
  /** May lie behind the file's end. */
  readonly to: number;
  /** When the pieces that it consists of are noted (chunk/pieces.ts). */
  readonly pieceKey: Uint8Array | undefined;
  /** Pieces of the file that are stored. */
  readonly known: KnownRecords | undefined;
}

export interface KnownRecords {
  /** See `PieceView`. */
  readonly records: SharedArrayBuffer;
  /** Other records, other number. */
  readonly version: number;
}

export interface FileTrouble {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** What became of one file of a job. */
export interface ReadFile {
  /** Absent when it was read. `again`: it has grown out of the bundle; read it by itself. */
  readonly trouble?: FileTrouble | "again";
  readonly sizeBytes: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** It changed while it was read. */
  readonly changing: boolean;
  /** In a bundle: where the file begins; -1 when its content was known already. */
  readonly offset: number;
}

export interface ReadResult {
  readonly files: readonly ReadFile[];
  /** Of a bundle: its id, unless all of it was known. */
  readonly bundle?: Uint8Array | undefined;
  /** Of a file: ids of the chunks that were made, one after the other, and what the segment consists of (parts.ts). */
  readonly chunkIds?: Uint8Array | undefined;
  readonly parts?: Uint8Array | undefined;
  /** Of a segment without data: where data goes on. */
  readonly dataAt?: number | undefined;
  /** Sealed bytes that the job added to packs. */
  readonly encodedBytes: number;
  /** What these hold: bytes of files. */
  readonly plainBytes: number;
}

export type ToWorker =
  | { readonly kind: "job"; readonly job: number; readonly read: ReadJob }
  | { readonly kind: "answer"; readonly question: number; readonly known: Uint8Array }
  /** A buffer to fill, by its number; its memory when the thread sees it for the first time. */
  | { readonly kind: "buffer"; readonly buffer: number; readonly memory?: SharedArrayBuffer }
  | { readonly kind: "flush" }
  /** Whatever is not done will not be. */
  | { readonly kind: "stop" };

export type FromWorker =
  /** A pack buffer is needed. */
  | { readonly kind: "need" }
  /** Which of these are known? `files`: keyed digests of contents (16 bytes each) of the job's files named by `indexes`; `chunks`: chunk ids. */
  | {
      readonly kind: "ask";
      readonly question: number;
      readonly job: number;
      readonly about: "files" | "chunks";
      readonly ids: Uint8Array;
      readonly indexes: readonly number[];
    }
  | {
      readonly kind: "pack";
      readonly id: Uint8Array;
      /** The buffer's number; it is the thread's no longer. */
      readonly buffer: number;
      readonly length: number;
      readonly chunkIds: Uint8Array;
    }
  | { readonly kind: "done"; readonly job: number; readonly result: ReadResult }
  | { readonly kind: "flushed" }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly data: ErrorData; readonly stack: string };

export interface WorkerSettings {
  readonly vault: Uint8Array;
  readonly epoch: number;
  readonly readPublic: Uint8Array;
  readonly idKey: Uint8Array;
  readonly splitKey: Uint8Array;
  readonly level: number;
  readonly packBytes: number;
  /** Pack buffers besides the one that each thread fills: those that are being sent. */
  readonly buffers: number;
}

export function packFiles(files: readonly FileToRead[]): PackedFiles {
  const paths = new Uint8Array(files.reduce((sum, { path }) => sum + path.length, 0));
  const numbers = new Float64Array(files.length * 4);
  const inodes = new BigUint64Array(files.length * 2);
  let at = 0;
  for (const [index, file] of files.entries()) {
    paths.set(file.path, at);
    at += file.path.length;
    numbers.set([file.path.length, file.uid, file.sizeBytes, file.blocks], index * 4);
    inodes.set([BigInt.asUintN(64, file.dev), BigInt.asUintN(64, file.ino)], index * 2);
  }
  return { paths, numbers, inodes };
}

export function unpackFiles({ paths, numbers, inodes }: PackedFiles): FileToRead[] {
  const files: FileToRead[] = [];
  let at = 0;
  for (let index = 0; index * 4 < numbers.length; index++) {
    // All three arrays were made for the same number of files (packFiles).
    const [length = 0, uid = 0, sizeBytes = 0, blocks = 0] = numbers.subarray(index * 4);
    const [dev = 0n, ino = 0n] = inodes.subarray(index * 2);
    const path = Buffer.from(paths.buffer, paths.byteOffset + at, length);
    files.push({ path, uid, sizeBytes, blocks, dev, ino });
    at += length;
  }
  return files;
}
