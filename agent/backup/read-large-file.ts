/**
 * Reads a large file, or a segment of one, through a fixed buffer and seals what is new of it: whole chunks, or only the pieces that its last version
 * lacks. Holes are not read.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import { makePieceNamer, type PieceNamer } from "../chunk/pieces.ts";
import type { Splitter } from "../chunk/splitter.ts";
import { findData, forgetCache, hasChanged, openFile } from "../disk/read-file.ts";
import { FileWindow } from "./file-window.ts";
import { FreshBytes } from "./fresh-bytes.ts";
import { PartsWriter } from "./parts.ts";
import { PieceView } from "./piece-view.ts";
import { NOTHING, type ReadContext } from "./read-context.ts";
import { type KnownContent, readChanged, readWhole } from "./read-extent.ts";
import type { FileToRead, KnownRecords, ReadResult, Segment } from "./read-job.ts";

/** Files beyond this would push everything else out of the page cache. */
const FORGET_FROM_BYTES = 256 * 1024 * 1024;

export async function readLargeFile(seen: FileToRead, segment: Segment, context: ReadContext): Promise<ReadResult> {
  try {
    using file = openFile(seen);
    const { splitter } = context;
    const namePieces = segment.pieceKey && namerOf(segment.pieceKey);
    const known = namePieces && segment.known && knownContent(segment.known, splitter, namePieces);
    const parts = new PartsWriter();
    const fresh = new FreshBytes(context, parts, namePieces);
    const to = Math.min(segment.to, file.sizeBytes);
    const { extents, dataAt } = findData(file, seen.blocks, segment.from, to);
    let isCutShort = to < segment.from;
    for (const extent of extents) {
      parts.hole(extent.offset - (segment.from + parts.length));
      const window = new FileWindow(file, extent, splitter.buffer);
      if (known) await readChanged(window, splitter, known, fresh, parts);
      else await readWhole(window, splitter, fresh);
      isCutShort = window.isCutShort;
      if (isCutShort) break;
    }
    if (!isCutShort) parts.hole(to - (segment.from + parts.length));
    const chunkIds = await fresh.finish();
    const changing = isCutShort || hasChanged(file);
    if (file.sizeBytes >= FORGET_FROM_BYTES) forgetCache(file, segment.from, to - segment.from);
    const { mtimeNs, ctimeNs } = file;
    return {
      files: [{ sizeBytes: parts.length, mtimeNs, ctimeNs, changing, offset: 0 }],
      chunkIds,
      parts: parts.take(),
      dataAt,
      encodedBytes: fresh.encodedBytes,
      plainBytes: fresh.plainBytes,
    };
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind !== "local") throw error;
    return { files: [{ ...NOTHING, trouble: { code: error.code, data: error.data } }], encodedBytes: 0, plainBytes: 0 };
  }
}

/** One key a run. */
let lastNamer: { readonly key: Buffer; readonly name: PieceNamer } | undefined;

function namerOf(key: Uint8Array): PieceNamer {
  if (!lastNamer?.key.equals(key)) lastNamer = { key: Buffer.from(key), name: makePieceNamer(key) };
  return lastNamer.name;
}

/** Segments of one file share what is known of it. */
let lastView: { readonly version: number; readonly pieces: PieceView } | undefined;

function knownContent({ records, version }: KnownRecords, splitter: Splitter, namePieces: PieceNamer): KnownContent {
  if (lastView?.version !== version) lastView = { version, pieces: new PieceView(records) };
  const { pieces } = lastView;
  return {
    pieces,
    namePieces,
    starts: () => {
      splitter.starts.load(pieces);
      return splitter.starts;
    },
  };
}
