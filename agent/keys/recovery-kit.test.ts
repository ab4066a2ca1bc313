import fc from "fast-check";
import { expect, test } from "vitest";
import { systemRandom } from "../../base/random.ts";
import { openRecoveryKit, recoveryKitText } from "./recovery-kit.ts";
import { wordsOf } from "./recovery-words.ts";

const facts = {
  vault: Buffer.alloc(16, 7),
  epoch: 3,
  name: "desk",
  machine: "ab".repeat(16),
  service: "https://backup.example.org",
  createdAt: new Date("2026-11-22T12:00:00Z"),
};
const secret = systemRandom(32);
const kit = recoveryKitText(secret, facts);
const words = wordsOf(secret);
const refusal = (text: string) => {
  try {
    return openRecoveryKit(text);
  } catch (error) {
    return error;
  }
};
const reasonOf = (text: string) => (refusal(text) as { data?: { reason?: string } }).data?.reason;

test("every secret comes back from its kit, with whose it is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), (bytes, name) => {
      const opened = openRecoveryKit(recoveryKitText(bytes, { ...facts, name }));
      expect(opened).toEqual({ secret: Buffer.from(bytes), vault: facts.vault, epoch: 3 });
    }),
  );
});

test("words alone open, however they were typed", () => {
  const typed = [
    words.join(" "),
    words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join("\r\n"),
    `\ufeff ${words.join(",  ")}\n`,
  ];
  for (const text of typed) expect(openRecoveryKit(text)).toEqual({ secret });
  expect(openRecoveryKit(kit.replaceAll("\n", "\r\n")).secret).toEqual(secret);
});

test("a typo is told by the place of its word, and the word is not repeated", () => {
  const wrong = words.with(6, "abandn");
  expect(refusal(wrong.join(" "))).toMatchObject({
    code: "key/kit-malformed",
    data: { reason: expect.stringContaining("word 7 is") },
  });
  expect(String(refusal(wrong.join(" ")))).not.toContain("abandn");
  expect(reasonOf(words.with(0, "holdfast").with(23, "backups").join(" "))).toContain("words 1, 24 are");
});

test("what is no kit of this version is refused with the reason", () => {
  expect(reasonOf(words.slice(1).join(" "))).toContain("23 words");
  expect(reasonOf("")).toContain("0 words");
  expect(reasonOf(kit.replace("KIT 1", "KIT 2"))).toContain("version 2");
  expect(reasonOf(kit.replace(/Vault: ../, "Vault: zz"))).toContain("“Vault:”");
  expect(reasonOf(kit.replace("Epoch: 3", "Epoch: 0"))).toContain("“Epoch:”");
  expect(reasonOf(kit.replace("Words:", "words"))).toContain("“Words:”");
  expect(reasonOf("x ".repeat(40_000))).toContain("too long");
});

test("two words that changed places are refused, but for one in 256", () => {
  // A fixed secret: of a random one the check bits could agree by chance.
  const fixed = wordsOf(Buffer.alloc(32, 1));
  const at = fixed.findIndex((word, index) => word !== fixed[index + 1]);
  const swapped = fixed.with(at, fixed[at + 1] ?? "").with(at + 1, fixed[at] ?? "");
  expect(reasonOf(swapped.join(" "))).toContain("don't fit together");
});
