import fc from "fast-check";
import { expect, test } from "vitest";
import { noise } from "../../test/support/entries-to-store.ts";
import { type Codec, codec } from "./codec.ts";
import { portableCodec } from "./codec-portable.ts";

const anyPlain = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.nat({ max: 200_000 }).map((length) => noise(length, length)),
  fc.nat({ max: 200_000 }).map((length) => Buffer.alloc(length, "words that come again ")),
);
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyNonce = fc.uint8Array({ minLength: 12, maxLength: 12 });
const anyAbout = fc.uint8Array({ minLength: 1, maxLength: 200 });
const pairs: readonly (readonly [Codec, Codec])[] = [
  [codec, portableCodec],
  [portableCodec, codec],
];

test.runIf(process.platform === "linux")("on Linux the libraries inside Node are used directly", () => {
  expect(codec.kind).toBe("native");
});

test("what one codec compresses the other expands; without room neither writes beyond", () => {
  fc.assert(
    fc.property(anyPlain, fc.integer({ min: 1, max: 9 }), (plain, level) => {
      for (const [one, other] of pairs) {
        const target = Buffer.alloc(plain.length + 2000, 0xee);
        const length = one.compress(target, plain, level) ?? 0;
        const back = Buffer.alloc(plain.length);
        other.expand(back, target.subarray(0, length));
        expect(back.equals(plain)).toBe(true);

        const narrow = Buffer.alloc(plain.length + 2000, 0xee);
        expect(one.compress(narrow.subarray(0, length - 1), plain, level)).toBeUndefined();
        expect(narrow.subarray(length - 1).equals(Buffer.alloc(narrow.length - length + 1, 0xee))).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test("what one codec encrypts the other decrypts, and both write the same bytes", () => {
  fc.assert(
    fc.property(anyPlain, anyKey, anyNonce, anyAbout, (plain, key, nonce, associated) => {
      const sealed = [codec, portableCodec].map(({ gcm }) => {
        const text = Buffer.from(plain);
        const tag = Buffer.alloc(16);
        gcm.seal(text, tag, { key, nonce, associated });
        return { text, tag };
      });
      expect(sealed[0]).toEqual(sealed[1]);
      for (const { gcm } of [codec, portableCodec])
        for (const { text, tag } of sealed) {
          const back = Buffer.alloc(text.length);
          gcm.open(back, text, tag, { key, nonce, associated });
          expect(back.equals(plain)).toBe(true);
        }
    }),
    { numRuns: 50 },
  );
});

test("neither codec decrypts what was changed in text, tag, key, nonce or what is authenticated", () => {
  const about = { key: Buffer.alloc(32, 1), nonce: Buffer.alloc(12, 2), associated: Buffer.from("about") };
  const text = noise(100);
  const tag = Buffer.alloc(16);
  portableCodec.gcm.seal(text, tag, about);
  const flipped = (bytes: Uint8Array) => Buffer.from(bytes).map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  const changes = [
    [flipped(text), tag, about],
    [text, flipped(tag), about],
    [text, tag, { ...about, key: flipped(about.key) }],
    [text, tag, { ...about, nonce: flipped(about.nonce) }],
    [text, tag, { ...about, associated: flipped(about.associated) }],
    [text.subarray(1), tag, about],
  ] as const;
  for (const { gcm } of [codec, portableCodec]) {
    for (const [changedText, changedTag, changedAbout] of changes)
      expect(() => gcm.open(Buffer.alloc(100), changedText, changedTag, changedAbout)).toThrow();
    gcm.open(Buffer.alloc(100), text, tag, about); // A failure leaves nothing behind.
  }
});

test("both codecs give the same digests, one after the other and in turn", () => {
  fc.assert(
    fc.property(anyKey, anyAbout, fc.array(anyPlain, { maxLength: 4 }), (key, prefix, contents) => {
      const [one, other] = [codec.makeHmac(key, prefix), codec.makeHmac(prefix.subarray(0, 60), key)];
      const known = portableCodec.makeHmac(key, prefix);
      for (const content of contents) {
        other(content);
        expect(one(content)).toEqual(known(content));
      }
    }),
    { numRuns: 40 },
  );
});
