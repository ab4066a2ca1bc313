/** Which manifests are believed, by their vectors, and what they mean for a machine. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import type { UpdateManifest } from "../../protocol/messages/updates.ts";
import { signManifest } from "../../scripts/sign-update.ts";
import { believe, chooseUpdate } from "./manifest.ts";

const VECTORS: {
  seed: string;
  key: string;
  nowMs: number;
  good: { what: string; bytes: string; manifest: UpdateManifest }[];
  bad: { what: string; bytes: string; serialSeen?: number; nowMs?: number; keys?: string[]; says: string }[];
} = JSON.parse(readFileSync(new URL("../../test/vectors/updates.json", import.meta.url), "utf8"));

test.each(VECTORS.good)("$what is believed, and signed in the same way", ({ bytes, manifest }) => {
  const { key, nowMs, seed } = VECTORS;
  const file = Buffer.from(bytes, "base64");
  expect(believe(file, { keys: [key], nowMs, serialSeen: manifest.serial })).toEqual(manifest);
  expect(signManifest(manifest, Buffer.from(seed, "hex")).equals(file)).toBe(true);
});

test.each(VECTORS.bad)(
  "$what is refused",
  ({ bytes, serialSeen = 0, nowMs = VECTORS.nowMs, keys = [VECTORS.key], says }) => {
    const refusal = errorOf(() => believe(Buffer.from(bytes, "base64"), { keys, nowMs, serialSeen }));
    expect(refusal.code).toBe("update/refused");
    expect(refusal.message).toContain(says);
  },
);

const FILE = { platform: "linux-x64", name: "holdfast", sizeBytes: 1, sha256: "0".repeat(64) };
const MANIFEST: UpdateManifest = {
  version: "1.10.0",
  serial: 5,
  madeAt: "2026-11-01T00:00:00.000Z",
  expiresAt: "2027-11-01T00:00:00.000Z",
  minimum: "1.2.0",
  files: [FILE],
};
const RUNNING = { version: "1.9.9", platform: "linux-x64", pinned: null };

test.each([
  ["an older version", RUNNING, { kind: "take", file: FILE }],
  ["the same version", { ...RUNNING, version: "1.10.0" }, { kind: "stay", because: "newest" }],
  ["a newer version", { ...RUNNING, version: "1.11.0" }, { kind: "stay", because: "newest" }],
  ["one that is pinned elsewhere", { ...RUNNING, pinned: "1.9.9" }, { kind: "stay", because: "pinned" }],
  ["one that is pinned to it", { ...RUNNING, pinned: "1.10.0" }, { kind: "take", file: FILE }],
  ["another platform", { ...RUNNING, platform: "darwin-arm64" }, { kind: "stay", because: "no-file" }],
  ["one that is too old", { ...RUNNING, version: "1.1.9" }, { kind: "stay", because: "too-old" }],
])("%s does what fits it, and never goes back", (_, running, choice) => {
  expect(chooseUpdate(MANIFEST, running)).toEqual(choice);
});

function errorOf(act: () => unknown): HoldfastError {
  try {
    act();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
  }
  throw new Error("nothing was refused");
}
