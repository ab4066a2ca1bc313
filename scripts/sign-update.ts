/**
 * For whoever publishes agents. `node scripts/sign-update.ts keygen <key file>` makes a key and prints what agents are to trust;
 * `node scripts/sign-update.ts sign --key <key file> --version 1.2.3 --serial 7 --days 90 [--minimum 1.0.0] --out <manifest> linux-x64=<file> …`
 * signs files. The key file stays off every machine that serves anything.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "../base/clock.ts";
import { sha256 } from "../base/digest.ts";
import { systemRandom } from "../base/random.ts";
import { signingKey } from "../base/signing.ts";
import { MANIFEST_CONTEXT, type UpdateManifest, updateManifest } from "../protocol/messages/updates.ts";

/** The bytes of a manifest's file (format §11). `seed`: 32 bytes. */
export function signManifest(manifest: UpdateManifest, seed: Uint8Array): Buffer {
  const payload = Buffer.from(`${JSON.stringify(updateManifest.parse(manifest))}\n`);
  const key = signingKey(seed);
  const signature = key.sign(Buffer.concat([Buffer.from(MANIFEST_CONTEXT), payload]));
  const head = `holdfast-update/1 ${key.publicKey.toString("hex")} ${signature.toString("base64")}\n`;
  return Buffer.concat([Buffer.from(head), payload]);
}

export function describeFile(platform: string, path: string): UpdateManifest["files"][number] {
  const bytes = readFileSync(path);
  return { platform, name: basename(path), sizeBytes: bytes.length, sha256: sha256(bytes).toString("hex") };
}

const DAY_MS = 86_400_000;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(
      ["key", "version", "serial", "days", "minimum", "out"].map((name) => [name, { type: "string" as const }]),
    ),
  });
  const [act, ...rest] = positionals;
  const text = (name: string): string => {
    const value = values[name];
    if (typeof value === "string" && value !== "") return value;
    throw new Error(`--${name} is missing`);
  };
  if (act === "keygen" && rest[0] !== undefined) {
    const seed = systemRandom(32);
    writeFileSync(rest[0], `${seed.toString("hex")}\n`, { mode: 0o600, flag: "wx" });
    console.log(signingKey(seed).publicKey.toString("hex"));
    return;
  }
  if (act !== "sign" || rest.length === 0) throw new Error("say keygen <file>, or sign … <platform>=<file> …");
  const now = systemClock.now();
  const files = rest.map((word) => describeFile(word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)));
  const manifest: UpdateManifest = {
    version: text("version"),
    serial: Number(text("serial")),
    madeAt: new Date(now).toISOString(),
    expiresAt: new Date(now + Number(text("days")) * DAY_MS).toISOString(),
    minimum: typeof values.minimum === "string" ? values.minimum : null,
    files,
  };
  const seed = Buffer.from(readFileSync(text("key"), "utf8").trim(), "hex");
  writeFileSync(text("out"), signManifest(manifest, seed));
  console.log(`${text("out")}: ${manifest.version}, serial ${manifest.serial}, until ${manifest.expiresAt}`);
}

if (import.meta.main) main();
