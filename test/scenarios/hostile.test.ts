/** A service that lies is found out: older or other histories, other bytes, other keys. Nothing wrong is written, nothing is believed. */
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { deriveVaultKeys } from "../../agent/keys/vault-keys.ts";
import { findLastReceipt } from "../../agent/last-receipt.ts";
import { type HostileProxy, hostileProxy, type Lies } from "../support/hostile-proxy.ts";
import { lookThrough } from "../support/look-through.ts";
import { noise } from "../support/make-tree.ts";
import { type Machine, makeWorld, pointAt, type World } from "../support/world.ts";

let world: World;
let machine: Machine;
let proxy: HostileProxy;
let folder: string;
let newest = 0;
const expected = new Map<string, Buffer>();

beforeAll(async () => {
  world = await makeWorld();
  proxy = await hostileProxy(world.service.url);
  machine = await world.machine("believer");
  pointAt(machine, proxy.url);
  folder = world.at("files");
  mkdirSync(folder);
  for (let index = 0; index < 3; index++) write(`large-${index}`, noise(600_000, index + 1));
  for (let index = 0; index < 20; index++) write(`small-${index}`, noise(2_000, index + 100));
  for (const round of [1, 2]) {
    write("changing", noise(400_000, round + 1_000));
    const { code, answer } = await machine.json("backup", folder);
    expect({ code, ...answer }).toMatchObject({ code: 0 });
    newest = answer.snapshot;
  }
});
afterEach(() => proxy.tell({}));
afterAll(async () => {
  await proxy.close();
  await world.remove();
});

function write(name: string, content: Buffer): void {
  writeFileSync(join(folder, name), content);
  expected.set(name, content);
}

const seenThrough = (lies: Lies, { isOwnMachine = true } = {}) => {
  proxy.tell(lies);
  return lookThrough({
    url: proxy.url,
    login: world.service.credentials.user,
    machine: machine.id,
    known: isOwnMachine ? findLastReceipt(machine.data) : undefined,
    folder,
    sequence: newest,
    expected,
    below: world.top,
  });
};

test("the proxy itself changes nothing", async () => {
  expect(await seenThrough({})).toEqual({ restore: [], verify: [], wrong: [] });
});

test.each<[string, Lies, string]>([
  ["other bytes of the right length", { getPack: ({ bytes }) => randomBytes(bytes.length) }, "chunk/corrupt"],
  ["one bit in the middle", { getPack: ({ bytes }) => flipped(bytes) }, "chunk/corrupt"],
  ["places of other chunks", { locate: ({ json }) => ({ ...json, chunks: turned(json.chunks) }) }, "chunk/corrupt"],
  [
    "chunks that it says it doesn't have",
    { locate: ({ json }) => ({ ...json, chunks: json.chunks.map(() => null) }) },
    "chunk/lost",
  ],
  [
    "sessions of other packs",
    { locate: ({ json }) => ({ ...json, packs: json.packs.map(otherSessions) }) },
    "chunk/corrupt",
  ],
  ["another record", { getSnapshot: ({ bytes }) => flipped(bytes) }, "snapshot/corrupt"],
  [
    "a list without the newest snapshot",
    { listSnapshots: ({ json }) => ({ ...json, items: json.items.slice(1) }) },
    "vault/rolled-back",
  ],
  ["an empty list", { listSnapshots: ({ json }) => ({ ...json, items: [] }) }, "vault/rolled-back"],
  [
    "another vault's secret",
    { openRestore: ({ json }) => ({ ...json, wrap: { ...json.wrap, secret: randomBytes(32).toString("base64") } }) },
    "key/not-this-vault",
  ],
])("%s", async (_, lies, code) => {
  expect(await seenThrough(lies)).toEqual({ restore: [code], verify: [code], wrong: [] });
});

test("a secret and a read key that fit each other, but not the history, open nothing", async () => {
  const seen = await seenThrough({
    openRestore: ({ json }) => {
      const secret = randomBytes(32);
      const { readPublic } = deriveVaultKeys(secret, Buffer.from(json.vault.id, "hex"), json.vault.epoch);
      const vault = { ...json.vault, readKey: readPublic.toString("base64") };
      return { ...json, vault, wrap: { kind: "released", secret: secret.toString("base64") } };
    },
  });
  expect(seen).toEqual({ restore: ["snapshot/corrupt"], verify: ["snapshot/corrupt"], wrong: [] });
});

test.each<[string, Lies]>([
  [
    "an older head",
    { openSession: ({ json }) => ({ ...json, sequence: json.sequence - 1, previous: "11".repeat(32) }) },
  ],
  ["another head of the same number", { openSession: ({ json }) => ({ ...json, previous: "11".repeat(32) }) }],
  ["an empty history", { openSession: ({ json }) => ({ ...json, sequence: 1, previous: "00".repeat(32) }) }],
  [
    "a longer history that has forgotten what was confirmed",
    {
      openSession: ({ json }) => ({ ...json, sequence: json.sequence + 1, previous: "11".repeat(32) }),
      listSnapshots: ({ json }) => ({
        ...json,
        items: json.items.map((each: object) => ({ ...each, record: "22".repeat(32) })),
      }),
    },
  ],
])("a backup stops at %s", async (_, lies) => {
  proxy.tell(lies);
  expect(await machine.json("backup")).toMatchObject({ code: 8, answer: { error: { code: "vault/rolled-back" } } });
});

test("a receipt that confirms something else is not taken for one", async () => {
  proxy.tell({
    commitSession: ({ json }) => ({
      ...json,
      receipt: flipped(Buffer.from(json.receipt, "base64")).toString("base64"),
    }),
  });
  const { code, answer } = await machine.json("backup");
  expect({ code, ...answer }).toMatchObject({ code: 7, error: { code: "service/protocol" } });
  proxy.tell({});
  expect(await machine.json("backup")).toMatchObject({ code: 0, answer: { result: "success" } });
});

function flipped(bytes: Buffer): Buffer {
  const altered = Buffer.from(bytes);
  const at = Math.floor(altered.length / 2);
  altered[at] = (altered[at] ?? 0) ^ 1;
  return altered;
}

const turned = <T>(list: readonly T[]): T[] => [...list.slice(1), ...list.slice(0, 1)];

const otherSessions = (pack: { sessions: readonly string[] }) => ({
  ...pack,
  sessions: pack.sessions.map(() => randomBytes(32).toString("base64")),
});
