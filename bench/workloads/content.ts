/** What files contain: text put together from pools of lines, noise, and both in turn. */
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;

export type TextKind = "prose" | "code" | "json" | "sql";
/** `half`: compresses to about its half, as office documents do. */
export type ContentKind = TextKind | "half" | "random";

export const EXTENSIONS: Readonly<Record<ContentKind, string>> = {
  prose: "txt",
  code: "ts",
  json: "json",
  sql: "sql",
  half: "docx",
  random: "jpg",
};

export function content(random: SeededRandom, kind: ContentKind, length: number): Buffer {
  if (kind === "random") return random.bytes(length);
  if (kind === "half") return half(random, length);
  return text(random, kind, length);
}

/** Random lines of one kind, and now and then one that occurs nowhere else, so that no two long texts are equal. */
export function text(random: SeededRandom, kind: TextKind, length: number): Buffer {
  const pool = linePool(kind);
  const out = Buffer.allocUnsafe(length);
  let at = 0;
  let untilMark = 0;
  while (at < length) {
    if (untilMark-- === 0) {
      at += out.write(`${random.bytes(8).toString("hex")}\n`, at, "latin1");
      untilMark = 200;
      continue;
    }
    const line = random.integer(0, pool.starts.length - 2);
    // copy stops at the end of either buffer.
    at += pool.bytes.copy(out, at, pool.starts[line], pool.starts[line + 1]);
  }
  return out;
}

/** Noise and text in stretches of 0.5 to 4 KiB. */
function half(random: SeededRandom, length: number): Buffer {
  const out = random.bytes(length);
  const words = text(random, "json", length);
  for (let at = random.integer(0, 4096); at < length; ) {
    const end = at + random.integer(512, 4096);
    words.copy(out, at, at, Math.min(end, length));
    at = end + random.integer(512, 4096);
  }
  return out;
}

interface LinePool {
  readonly bytes: Buffer;
  /** Where each line starts; the last is the end of the last line. */
  readonly starts: readonly number[];
}

const LINES = 60_000;
const pools = new Map<TextKind, LinePool>();

/** The pools are the same whatever the seed: they are the language, not the text. */
function linePool(kind: TextKind): LinePool {
  const known = pools.get(kind);
  if (known) return known;
  const random = seededRandom("lines", kind);
  const word = wordSource(random);
  const lines = Array.from({ length: LINES }, () => Buffer.from(makeLine(random, word, kind), "latin1"));
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const pool = { bytes: Buffer.concat(lines), starts };
  pools.set(kind, pool);
  return pool;
}

/** Words of made-up syllables; a few are frequent and most are rare, as in any language. */
function wordSource(random: SeededRandom): () => string {
  const syllable = (): string =>
    random.pick(["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]) +
    random.pick(["a", "e", "i", "o", "u", "an", "er", "is"]);
  const vocabulary = Array.from({ length: 6000 }, () =>
    Array.from({ length: random.pick([1, 2, 2, 3, 3, 4]) }, syllable).join(""),
  );
  return () => vocabulary[Math.floor(vocabulary.length ** random.number()) - 1] ?? "ba";
}

function makeLine(random: SeededRandom, word: () => string, kind: TextKind): string {
  const { integer } = random;
  switch (kind) {
    case "prose":
      return `${Array.from({ length: integer(6, 12) }, word).join(" ")}.\n`;
    case "code":
      return "  ".repeat(integer(0, 4)) + codeLine(random, word);
    case "json":
      return `{"id":${integer(0, 2 ** 31)},"${word()}":"${word()} ${word()}","at":"2026-0${integer(1, 9)}-${integer(10, 28)}T${integer(10, 23)}:${integer(10, 59)}","${word()}":${random.number().toFixed(4)}},\n`;
    case "sql":
      return `INSERT INTO orders VALUES (${integer(0, 1e9)},'${word()} ${word()}',${integer(0, 1e7)},'2026-0${integer(1, 9)}-${integer(10, 28)}',${integer(0, 1e6) / 100},'${word()}@example.org');\n`;
  }
}

function codeLine(random: SeededRandom, word: () => string): string {
  switch (random.integer(0, 4)) {
    case 0:
      return `const ${word()} = await ${word()}.${word()}(${word()}, { ${word()}: ${random.integer(0, 999)} });\n`;
    case 1:
      return `if (${word()}.${word()} !== undefined && ${word()}(i) > ${random.integer(0, 99)}) {\n`;
    case 2:
      return `return ${word()}.map((${word()}) => ${word()}.${word()});\n`;
    case 3:
      return `// ${word()} ${word()} ${word()} ${word()}\n`;
    default:
      return "}\n";
  }
}
