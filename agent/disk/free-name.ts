/** A name for what is restored beside something of the same name: `report.txt` becomes `report (restored 1).txt`. */

const NAME_BYTES_MAX = 255;
/** Longer endings are no file types. */
const ENDING_BYTES_MAX = 12;
const DOT = 0x2e;

export function freeName(name: Buffer, number: number): Buffer {
  const mark = Buffer.from(` (restored ${number})`);
  const dot = name.lastIndexOf(DOT);
  const at = dot > 0 && name.length - dot <= ENDING_BYTES_MAX ? dot : name.length;
  const ending = name.subarray(at);
  return Buffer.concat([shorten(name.subarray(0, at), NAME_BYTES_MAX - mark.length - ending.length), mark, ending]);
}

/** Never within a UTF-8 sequence. */
function shorten(bytes: Buffer, length: number): Buffer {
  if (bytes.length <= length) return bytes;
  let end = length;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end === 0 ? length : end);
}
