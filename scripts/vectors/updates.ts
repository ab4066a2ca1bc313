/** Vectors of update manifests (format §11). */
import { signingKey } from "../../base/signing.ts";
import { MANIFEST_CONTEXT, type UpdateManifest } from "../../protocol/messages/updates.ts";
import { signManifest } from "../sign-update.ts";

const SEED = Buffer.alloc(32, 7);
const OTHER_SEED = Buffer.alloc(32, 8);
const keyOf = (seed: Buffer): string => signingKey(seed).publicKey.toString("hex");

const FILE = {
  platform: "linux-x64",
  name: "holdfast",
  sizeBytes: 3,
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
};
const EMPTY = {
  platform: "win32-x64",
  name: "holdfast.exe",
  sizeBytes: 0,
  sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};
const MANIFEST: UpdateManifest = {
  version: "1.2.3",
  serial: 7,
  madeAt: "2026-11-01T00:00:00.000Z",
  expiresAt: "2027-02-01T00:00:00.000Z",
  minimum: null,
  files: [FILE],
};

export function updates() {
  const key = keyOf(SEED);
  const good = signManifest(MANIFEST, SEED);
  const text = good.toString();
  const payload = text.slice(text.indexOf("\n") + 1);
  const stranger = signManifest(MANIFEST, OTHER_SEED);
  const two: UpdateManifest = { ...MANIFEST, minimum: "1.0.0", files: [FILE, EMPTY] };
  const signature = "its signature is wrong";
  const none = "it is no signed manifest";
  return {
    about:
      "seed: of the signing key. Times in ms since 1970. bytes: base64. A bad one is refused with serialSeen, nowMs or keys where it has them.",
    seed: SEED.toString("hex"),
    key,
    nowMs: Date.parse("2026-11-22T00:00:00Z"),
    good: [
      { what: "a manifest of one file", bytes: base64(good), manifest: MANIFEST },
      { what: "a manifest of two files with a minimum", bytes: base64(signManifest(two, SEED)), manifest: two },
    ],
    bad: [
      { what: "a changed digest", bytes: base64(text.replace("ba7816", "ba7817")), says: signature },
      { what: "a changed version", bytes: base64(text.replace("1.2.3", "1.2.4")), says: signature },
      { what: "another key's signature", bytes: base64(stranger), says: "a key that is not trusted" },
      {
        what: "another key's signature under a trusted name",
        bytes: base64(stranger.toString().replace(keyOf(OTHER_SEED), key)),
        says: signature,
      },
      { what: "a signature without its context", bytes: base64(signed(payload, "")), says: signature },
      { what: "an older serial", bytes: base64(good), serialSeen: 8, says: "serial 7" },
      {
        what: "an expired manifest",
        bytes: base64(good),
        nowMs: Date.parse(MANIFEST.expiresAt),
        says: "it has expired",
      },
      { what: "a key that is trusted no longer", bytes: base64(good), keys: [], says: "not trusted" },
      { what: "an unknown member", bytes: base64(signed(lineOf({ ...MANIFEST, run: "rm" }))), says: none },
      {
        what: "a name with folders in it",
        bytes: base64(signed(lineOf({ ...MANIFEST, files: [{ ...FILE, name: "../holdfast" }] }))),
        says: none,
      },
      { what: "no signature", bytes: base64(payload), says: none },
      { what: "bytes behind the JSON", bytes: base64(`${text}x`), says: none },
      { what: "a byte order mark in front", bytes: base64(`\ufeff${text}`), says: none },
      { what: "another version of the form", bytes: base64(text.replace("update/1", "update/2")), says: none },
      { what: "nothing", bytes: "", says: none },
    ],
  };
}

const base64 = (bytes: Buffer | string): string => Buffer.from(bytes).toString("base64");

const lineOf = (manifest: object): string => `${JSON.stringify(manifest)}\n`;

/** As `signManifest`, of what it would not sign. */
function signed(payload: string, context: string = MANIFEST_CONTEXT): string {
  const signature = signingKey(SEED).sign(Buffer.from(`${context}${payload}`));
  return `holdfast-update/1 ${keyOf(SEED)} ${signature.toString("base64")}\n${payload}`;
}
