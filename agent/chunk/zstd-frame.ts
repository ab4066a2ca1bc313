/** The frame of zstd (RFC 8878 §3.1), as far as it takes to see where one ends: decompressors accept several in a row, the format does not. */

const MAGIC = 0xfd2fb528;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];
const BLOCK_RLE = 1;

/** The length of the frame that begins the bytes; `undefined` when there is no whole one. */
export function zstdFrameBytes(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 6 || view.getUint32(0, true) !== MAGIC) return undefined;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSizeBytes = CONTENT_SIZE_BYTES[descriptor >>> 6] || (isSingleSegment ? 1 : 0);
  let at = 5 + (isSingleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + contentSizeBytes;
  for (let isLast = false; !isLast; ) {
    if (at + 3 > bytes.length) return undefined;
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    isLast = (header & 1) === 1;
    at += 3 + (((header >>> 1) & 3) === BLOCK_RLE ? 1 : header >>> 3);
  }
  const end = at + ((descriptor & 4) === 0 ? 0 : 4);
  return end <= bytes.length ? end : undefined;
}
