/** Vectors for numbers, keys, wraps, kits, chunk ids, cut hashes, lengths and the splitter (format §1 to §4). */
import { createPublicKey } from "node:crypto";
import { BundleCuts } from "../../agent/chunk/bundle-cuts.ts";
import { makeChunkNamer } from "../../agent/chunk/chunk-id.ts";
import { makeCutHash } from "../../agent/chunk/cut-hash.ts";
import { padmeLength } from "../../agent/chunk/padme.ts";
import { gearTable, makeSplitter } from "../../agent/chunk/splitter.ts";
import { wrapCorporate } from "../../agent/keys/corporate-wrap.ts";
import { makeRecoveryKey, openRecoveryKey } from "../../agent/keys/recovery-key-file.ts";
import { openRecoveryKit, recoveryKitText } from "../../agent/keys/recovery-kit.ts";
import { wordsOf } from "../../agent/keys/recovery-words.ts";
import { deriveVaultKeys, signerProof } from "../../agent/keys/vault-keys.ts";
import { wrapCustom, wrapDefault } from "../../agent/keys/wraps.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { sha256 } from "../../base/digest.ts";
import { hpkePublicKey } from "../../base/hpke.ts";
import { signingKey } from "../../base/signing.ts";
import { bug } from "../../protocol/errors.ts";
import { malformed } from "../../protocol/malformed.ts";
import { CHUNK_TYPES, type ChunkType } from "../../protocol/pack-format.ts";
import { EPOCH, hex, KEYS, refusal, SECRET, session, stream, VAULT } from "./fixed.ts";

export function numbers() {
  const unsigned = [0, 1, 127, 128, 255, 300, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 42 + 5, 2 ** 52, 2 ** 53 - 1];
  const signed = [0, -1, 1, -2, 63, -64, 64, 1_700_000_000, -1_700_000_000, 2 ** 51, -(2 ** 51)];
  const bad: [string, string][] = [
    ["nothing", ""],
    ["cut after a continuation", "80"],
    ["one in two bytes", "8100"],
    ["zero in two bytes", "8000"],
    ["127 in three bytes", "ff8000"],
    ["2^53", "8080808080808010"],
    ["2^56 − 1", "ffffffffffffff7f"],
    ["nine bytes", "808080808080808001"],
    ["ten bytes of ones", "ffffffffffffffffff01"],
  ];
  return {
    varint: unsigned.map((value) => ({ value, bytes: hex(new ByteWriter().varint(value).take()) })),
    svarint: signed.map((value) => ({ value, bytes: hex(new ByteWriter().svarint(value).take()) })),
    bad: bad.map(([name, bytes]) => ({
      name,
      bytes,
      ...refusal(name, () => new ByteReader(Buffer.from(bytes, "hex"), malformed("number")).varint()),
    })),
  };
}

export async function keys() {
  const cases = [
    { name: "counting bytes", secret: SECRET, vault: VAULT, epoch: EPOCH },
    { name: "zeros", secret: Buffer.alloc(32), vault: Buffer.alloc(16), epoch: 1 },
    {
      name: "a later epoch",
      secret: sha256(Buffer.from("secret")),
      vault: Buffer.alloc(16, 255),
      epoch: 4_294_967_295,
    },
  ];
  const { enc, key } = await session("keys");
  return {
    derived: cases.map(({ name, secret, vault, epoch }) => {
      const derived = deriveVaultKeys(secret, vault, epoch);
      const machineKey = signingKey(sha256(Buffer.from(`machine ${name}`))).publicKey;
      return {
        name,
        secret: hex(secret),
        vault: hex(vault),
        epoch,
        readPrivate: hex(derived.readPrivate),
        readPublic: hex(derived.readPublic),
        idKey: hex(derived.idKey),
        splitKey: hex(derived.splitKey),
        signerKey: hex(derived.signerKey),
        machineKey: hex(machineKey),
        signerProof: hex(signerProof(derived, machineKey)),
      };
    }),
    sessions: [{ name: "opened by the private read key", enc: hex(enc), key: hex(key), ...ofVault() }],
  };
}

const ofVault = () => ({ secret: hex(SECRET), vault: hex(VAULT), epoch: EPOCH });

/** Default and corporate wraps are random by nature: those that are there stay. */
export interface WrapsBefore {
  readonly default?: readonly unknown[];
  readonly corporate?: readonly CorporateVector[];
}

type CorporateVector = Awaited<ReturnType<typeof corporate>>;

export async function wraps(before: WrapsBefore | undefined) {
  const scope = { vault: VAULT, epoch: EPOCH };
  const privateKey = sha256(Buffer.from("kek"));
  const kek = { id: "0f".repeat(16), publicKey: hpkePublicKey(privateKey) };
  const passphrase = "Zwölf Boxkämpfer jagen Viktor";
  const random = (length: number) => stream(`wrap ${length}`, length);
  const wrap = await wrapCustom(SECRET, scope, passphrase.normalize("NFD"), random);
  const shared = { secret: hex(SECRET), vault: hex(VAULT), epoch: EPOCH };
  const weak = (argon2: Partial<typeof wrap.argon2>) => ({ ...wrap, argon2: { ...wrap.argon2, ...argon2 } });
  const badCustom = [
    { name: "another passphrase", wrap, passphrase: `${passphrase}!`, error: "key/wrong-passphrase" },
    { name: "less memory than 64 MiB", wrap: weak({ memoryKiB: 65_535 }), passphrase, error: "key/weak-wrap" },
    { name: "more memory than 1 GiB", wrap: weak({ memoryKiB: 1_048_577 }), passphrase, error: "key/weak-wrap" },
    { name: "two passes", wrap: weak({ passes: 2 }), passphrase, error: "key/weak-wrap" },
    { name: "eleven passes", wrap: weak({ passes: 11 }), passphrase, error: "key/weak-wrap" },
    { name: "no lanes", wrap: weak({ parallelism: 0 }), passphrase, error: "key/weak-wrap" },
    { name: "17 lanes", wrap: weak({ parallelism: 17 }), passphrase, error: "key/weak-wrap" },
    { name: "another vault's", wrap, passphrase, vault: "00".repeat(16), error: "key/not-this-vault" },
    { name: "another epoch's", wrap, passphrase, epoch: EPOCH + 1, error: "key/not-this-vault" },
    {
      name: "an altered ciphertext",
      wrap: { ...wrap, ciphertext: altered(wrap.ciphertext) },
      passphrase,
      error: "key/not-this-vault",
    },
  ];
  const sealed = before?.corporate ?? [await corporate()];
  const { private: key, wrap: toAcme } = sealed[0] ?? bug("no corporate wrap");
  const elsewhere = { vault: hex(VAULT), epoch: EPOCH, private: key, wrap: toAcme, error: "key/not-this-vault" };
  const badCorporate = [
    { ...elsewhere, name: "another vault's", vault: "00".repeat(16) },
    { ...elsewhere, name: "another epoch's", epoch: EPOCH + 1 },
    {
      ...elsewhere,
      name: "an altered ciphertext",
      wrap: { ...toAcme, ciphertext: altered(toAcme.ciphertext) },
    },
    {
      ...elsewhere,
      name: "for another certificate",
      wrap: { ...toAcme, certificate: "00".repeat(32) },
      error: "key/recovery-key-other",
    },
  ];
  return {
    custom: [
      {
        name: "a passphrase with an umlaut",
        ...shared,
        passphrase,
        salt: hex(random(16)),
        nonce: hex(random(12)),
        wrap,
      },
    ],
    badCustom: badCustom.map((each) => ({ vault: hex(VAULT), epoch: EPOCH, ...each })),
    default: before?.default ?? [
      {
        name: "to a fixed recipient",
        ...shared,
        kekPrivate: hex(privateKey),
        wrap: await wrapDefault(SECRET, scope, kek),
      },
    ],
    corporate: sealed,
    badCorporate,
  };
}

async function corporate() {
  const made = await makeRecoveryKey({
    name: "Acme",
    passphrase: "acme",
    now: 0,
    random: (length) => stream("p12", length),
  });
  const { privateKey } = openRecoveryKey(made.p12, "acme", "acme.p12");
  const publicKey = createPublicKey(privateKey);
  const scope = { vault: VAULT, epoch: EPOCH };
  return {
    name: "to a fixed recipient",
    secret: hex(SECRET),
    vault: hex(VAULT),
    epoch: EPOCH,
    private: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    wrap: wrapCorporate(SECRET, scope, { fingerprint: made.fingerprint, publicKey }),
  };
}

/** Recovery kits: words, and files that carry them. */
export function kits() {
  const words = wordsOf(SECRET);
  const facts = {
    vault: VAULT,
    epoch: EPOCH,
    name: "desk",
    machine: "1b".repeat(16),
    service: "https://backup.example.org",
  };
  const text = recoveryKitText(SECRET, { ...facts, createdAt: new Date(0) });
  const shared = { secret: hex(SECRET) };
  const bad: [string, string][] = [
    ["23 words", words.slice(1).join(" ")],
    ["a word that is not on the list", words.with(3, "holdfast").join(" ")],
    [
      "two words that changed places",
      words
        .with(0, words[1] ?? "")
        .with(1, words[0] ?? "")
        .join(" "),
    ],
    ["another version", text.replace("KIT 1", "KIT 2")],
    ["no vault", text.replace(/^Vault: .*$/m, "")],
    ["no epoch", text.replace(/^Epoch: .*$/m, "Epoch: none")],
  ];
  return {
    good: [
      { name: "words alone", ...shared, text: words.join(" ") },
      {
        name: "words with numbers, in capitals",
        ...shared,
        text: words.map((word, at) => `${at + 1}. ${word.toUpperCase()}`).join("\n"),
      },
      { name: "a file", ...shared, vault: hex(VAULT), epoch: EPOCH, text },
      { name: "all zeros", secret: "00".repeat(32), text: wordsOf(Buffer.alloc(32)).join(" ") },
    ],
    bad: bad.map(([name, text]) => ({ name, text, ...refusal(name, () => openRecoveryKit(text)) })),
  };
}

function altered(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString("base64");
}

export function chunkIds() {
  const name = makeChunkNamer(KEYS.idKey);
  const plains = [Buffer.alloc(0), Buffer.from("hello"), stream("id", 100)];
  return {
    idKey: hex(KEYS.idKey),
    good: plains.flatMap((plain) =>
      Object.values(CHUNK_TYPES).map((type: ChunkType) => ({ type, plain: hex(plain), id: hex(name(type, plain)) })),
    ),
  };
}

export function cutHashes() {
  const hash = makeCutHash(KEYS.splitKey);
  const names = ["", "a", "b", "home/user/file.txt", "ünïcödé", "x".repeat(300)].map((text) => Buffer.from(text));
  const binary = [Buffer.from([0]), Buffer.from([0xff, 0xfe, 0x80]), stream("cut", 64)];
  return {
    splitKey: hex(KEYS.splitKey),
    good: [...names, ...binary].map((bytes) => ({ bytes: hex(bytes), hash: hash(bytes) })),
    bundles: [
      bundleCase("many of one size", 400, () => 9_000),
      bundleCase("of all sizes", 200, sizeByStream),
      bundleCase("large ones", 12, () => 262_143),
      bundleCase("exactly 1 MiB", 200, () => 131_072),
      bundleCase("hardly more than 1 MiB", 200, () => 131_073),
    ],
  };

  function bundleCase(name: string, count: number, sizeOf: (index: number) => number) {
    const files = Array.from({ length: count }, (_, index) => ({
      name: hex(Buffer.from(`${name} ${index}`)),
      size: sizeOf(index),
    }));
    const cuts = new BundleCuts(hash);
    const bundles = [0];
    for (const file of files) {
      if (cuts.endsBefore(file.size)) next();
      bundles[bundles.length - 1] = (bundles.at(-1) ?? 0) + 1;
      if (cuts.add(file.size, Buffer.from(file.name, "hex"))) next();
    }
    return { name, files, bundles: bundles.filter((files) => files > 0) };

    function next() {
      cuts.restart();
      bundles.push(0);
    }
  }
}

const sizeByStream = (index: number): number => stream(`size ${index}`, 4).readUInt32LE(0) % 262_144;

export function padme() {
  const lengths = [
    0, 1, 2, 3, 4, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 50, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1000,
    1023, 1024, 1025, 4095, 4096, 4097, 10_000, 65_535, 65_536, 65_537, 262_144, 262_153, 999_999, 1_048_576, 1_048_585,
    4_194_303, 4_194_304, 4_194_313,
  ];
  return { good: lengths.map((length) => ({ length, padded: padmeLength(length) })) };
}

export function splitter() {
  const { splitKey } = KEYS;
  const inputs: { kind: "stream" | "repeat"; seed: string; length: number }[] = [];
  for (const length of [1, 262_143, 262_144, 262_145, 300_000, 1_048_575, 1_048_576, 1_048_577, 1_600_000])
    inputs.push({ kind: "stream", seed: "split", length });
  for (const seed of ["a", "b", "c"]) inputs.push({ kind: "stream", seed, length: 5_000_000 });
  for (const length of [4_194_303, 4_194_304, 4_194_305, 8_650_753])
    inputs.push({ kind: "repeat", seed: "00", length });
  return {
    splitKey: hex(splitKey),
    gearHead: hex(gearTable(splitKey).subarray(0, 64)),
    gearSha256: hex(sha256(gearTable(splitKey))),
    good: inputs.map((input) => ({ ...input, chunks: cutAll(splitKey, inputBytes(input)) })),
  };
}

export const inputBytes = ({ kind, seed, length }: { kind: string; seed: string; length: number }): Buffer =>
  kind === "stream" ? stream(seed, length) : Buffer.alloc(length, seed, "hex");

export function cutAll(splitKey: Uint8Array, data: Buffer): number[] {
  const { buffer, cut } = makeSplitter(splitKey, data.length);
  data.copy(buffer);
  const lengths: number[] = [];
  for (let at = 0; at < data.length; at += lengths.at(-1) ?? 0) lengths.push(cut(at, data.length - at));
  return lengths;
}
