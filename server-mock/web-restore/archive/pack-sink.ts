/** What all kinds of archives have in common on this side: they take entries under safe names, and give bytes. */

import type { Entry } from "../../../agent/model/entry.ts";
import type { ArchiveSink } from "../../../agent/restore/archive-run.ts";

export interface PackSink extends ArchiveSink {
  /** The archive, to be read while entries come. */
  readonly output: AsyncIterable<Uint8Array>;
  /** All entries have come. */
  finish(): Promise<void>;
  /** Nobody wants the rest. */
  destroy(error: Error): void;
}

/** The name of an entry in the archive. */
export type NameOf = (path: Buffer) => string;

/** Milliseconds, within what the format can say. */
export const clampedDate = ({ mtimeSeconds }: Entry, from: number, to: number): Date =>
  new Date(Math.max(from, Math.min(mtimeSeconds * 1000, to)));

interface Stream {
  readonly destroyed: boolean;
  write(bytes: Uint8Array): boolean;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/** When there is room for more. Throws when it was given up. */
export async function written(stream: Stream, bytes: Uint8Array): Promise<void> {
  if (stream.destroyed) throw givenUp();
  if (!stream.write(bytes)) await drained(stream);
}

export const drained = (stream: Stream): Promise<void> =>
  new Promise((resolve, reject) => {
    const onDrain = () => {
      stream.off("close", onClose);
      resolve();
    };
    const onClose = () => {
      stream.off("drain", onDrain);
      reject(givenUp());
    };
    stream.once("drain", onDrain);
    stream.once("close", onClose);
  });

const givenUp = (): Error => new Error("the archive was given up");
