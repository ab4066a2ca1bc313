/**
 * Names as they may be shown: what moves the cursor, hides or reorders text is written as an escape, so that no file's name
 * can forge a line of output. Bytes that are not UTF-8 appear as `\xNN`.
 */

// Controls, line and paragraph separators, marks of writing direction, invisible characters and half surrogates.
const UNSAFE =
  /[\p{Cc}\u2028\u2029\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e" };

export function shown(name: string | Uint8Array): string {
  return (typeof name === "string" ? name : decode(name)).replace(UNSAFE, escaped);
}

/** Sentences of several lines keep their lines. */
export const shownText = (text: string): string => text.split("\n").map(shown).join("\n");

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return SHORT[character] ?? `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

function decode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
  if (!text.includes("\ufffd")) return text;
  // Character by character, so that only the bytes that make no sense are escaped.
  let out = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    out += length
      ? Buffer.from(bytes.subarray(at, at + length)).toString()
      : `\\x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`;
    at += length || 1;
  }
  return out;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes of the UTF-8 character at this place; 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return at + length <= bytes.length ? length : 0;
  } catch {
    return 0;
  }
}
