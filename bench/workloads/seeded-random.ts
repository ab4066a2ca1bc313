/** Numbers and bytes that depend on a seed only: xoshiro128**, seeded by SHA-256. Not for secrets. */
import { createHash } from "node:crypto";

export interface SeededRandom {
  /** 0 ≤ x < 1 */
  number(): number;
  /** Whole, both ends included. */
  integer(min: number, max: number): number;
  /** Mean 0, standard deviation 1. */
  normal(): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** In proportion to its weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
  bytes(length: number): Buffer;
}

/** The same parts give the same sequence. */
export function seededRandom(...parts: readonly (string | number)[]): SeededRandom {
  const seed = createHash("sha256").update(JSON.stringify(parts)).digest();
  let [a, b, c, d] = [seed.readUInt32LE(0), seed.readUInt32LE(4), seed.readUInt32LE(8), seed.readUInt32LE(12) | 1];

  const next = (): number => {
    const rotated = Math.imul(b, 5);
    const result = Math.imul((rotated << 7) | (rotated >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  };
  const number = (): number => next() / 2 ** 32;
  const integer = (min: number, max: number): number => min + Math.floor(number() * (max - min + 1));
  return {
    number,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - number())) * Math.cos(2 * Math.PI * number()),
    pick: (from) => from[integer(0, from.length - 1)] ?? from[0],
    weighted: (weights) => pickWeighted(weights, number()),
    bytes: (length) => {
      const words = new Uint32Array(Math.ceil(length / 4));
      for (let i = 0; i < words.length; i++) words[i] = next();
      return Buffer.from(words.buffer, 0, length);
    },
  };
}

function pickWeighted<T extends string>(weights: Readonly<Record<T, number>>, at: number): T {
  // Object.entries widens the names; they are those of the record that came in.
  const entries = Object.entries(weights) as [T, number][];
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    left -= weight;
    if (left < 0) return name;
  }
  throw new Error("no weight is above zero");
}

/** `count` different whole numbers below `below`, ascending. */
export function distinct(random: SeededRandom, count: number, below: number): number[] {
  const found = new Set<number>();
  while (found.size < Math.min(count, below)) found.add(random.integer(0, below - 1));
  return [...found].sort((x, y) => x - y);
}
