/** The slices of a file in order, through its lists when it has them (format §6.5). Their lengths are proven to sum to its size. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { FileEntry, Slice } from "../model/entry.ts";
import { decodeList } from "../model/list.ts";
import { slicesLength } from "../model/slice-codec.ts";
import type { ChunkSource } from "./chunk-source.ts";

export interface SliceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of every list before its slices come. */
  readonly onList?: (id: Buffer) => void;
}

/** In batches of at most 4,096. Nothing for a file whose content is missing. Throws `chunk/lost`, `chunk/corrupt`, `format/malformed`. */
export async function* readSlices(
  chunks: ChunkSource,
  file: Pick<FileEntry, "content" | "sizeBytes">,
  options: SliceOptions = {},
): AsyncGenerator<readonly Slice[]> {
  if (file.content.kind === "missing") return;
  if (file.content.kind === "slices") {
    yield file.content.slices; // The codec has checked their sum.
    return;
  }
  yield* listSlices(chunks, { list: file.content.list, bytes: file.sizeBytes, level: undefined }, options);
}

async function* listSlices(
  chunks: ChunkSource,
  expected: { readonly list: Buffer; readonly bytes: number; readonly level: number | undefined },
  options: SliceOptions,
): AsyncGenerator<readonly Slice[]> {
  options.signal?.throwIfAborted();
  options.onList?.(expected.list);
  const list = decodeList(await chunks.get(expected.list, "list", options.signal));
  if (expected.level !== undefined && list.level !== expected.level) fail("it has another level than its parent says");
  if (!("children" in list)) {
    if (slicesLength(list.slices) !== expected.bytes) fail("its slices have another length than is said");
    yield list.slices;
    return;
  }
  const sum = list.children.reduce((bytes, child) => bytes + child.bytes, 0);
  if (sum !== expected.bytes || list.children.some(({ bytes }) => bytes === 0))
    fail("its lists have another length than is said");
  for (const { list: id, bytes } of list.children)
    yield* listSlices(chunks, { list: id, bytes, level: list.level - 1 }, options);
}

function fail(reason: string): never {
  throw new HoldfastError("format/malformed", { structure: "list", reason });
}
