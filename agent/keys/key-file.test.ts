import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TEST_SECRET, testKeys } from "../../test/support/engine.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { storeKeys, whereKeysAre } from "../own-keystore.ts";
import { findKeyStoring, keyFilePath, readKeyFile, writeKeyFile } from "./key-file.ts";

const secrets = () => ({ keys: testKeys().write, token: "a token", receiptKey: Buffer.alloc(32, 5) });
const newPath = (): string => join(tempFolder(), "keys.json");

test("what is written is read again, and only the owner may read it", async () => {
  const path = newPath();
  await writeKeyFile(path, secrets());
  expect(await readKeyFile(path)).toEqual(secrets());
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("nothing in it opens a snapshot", async () => {
  const path = newPath();
  await writeKeyFile(path, secrets());
  const text = readFileSync(path, "utf8");
  const { vault } = testKeys();
  for (const secret of [TEST_SECRET, vault.readPrivate, vault.signerKey])
    for (const encoding of ["base64", "hex"] as const) expect(text).not.toContain(secret.toString(encoding));
});

test("no file is no keys; a damaged one is told, not guessed at", async () => {
  const path = newPath();
  expect(await readKeyFile(path)).toBeUndefined();
  await writeKeyFile(path, secrets());
  const text = readFileSync(path, "utf8");
  const damaged = [
    "",
    text.slice(0, -10),
    text.replace('"version": 1', '"version": 2'),
    text.replace(/"idKey": "./, '"idKey": "'),
    text.replace('"token"', '"other"'),
    text.replace("{", '{ "more": 1,'),
  ];
  for (const content of damaged) {
    writeFileSync(path, content);
    await expect(readKeyFile(path), content).rejects.toMatchObject({ code: "settings/invalid", data: { path } });
  }
});

/** A keystore of a test's own: the system's is one person's. */
function someKeystore() {
  const held = new Map<string, Buffer>();
  return {
    held,
    put: async (name: string, secret: Buffer) => void held.set(name, secret),
    find: async (name: string) => held.get(name),
    remove: async (name: string) => void held.delete(name),
  };
}

test("with a keystore the file says nothing, and opens with what lies there only", async () => {
  const path = newPath();
  const keystore = someKeystore();
  await writeKeyFile(path, secrets(), keystore);
  const text = readFileSync(path, "utf8");
  for (const secret of ["a token", testKeys().write.idKey.toString("base64")]) expect(text).not.toContain(secret);
  expect([await findKeyStoring(path), statSync(path).mode & 0o777]).toEqual(["keystore", 0o600]);
  expect(await readKeyFile(path, keystore)).toEqual(secrets());
  const unavailable = { code: "keystore/unavailable" };
  await expect(readKeyFile(path, someKeystore())).rejects.toMatchObject(unavailable);
  const [name = ""] = keystore.held.keys();
  keystore.held.set(name, Buffer.alloc(32));
  await expect(readKeyFile(path, keystore)).rejects.toMatchObject(unavailable);
});

test("keys are never given to a keystore that forgets them at once", async () => {
  const path = newPath();
  await writeKeyFile(path, secrets());
  const forgetful = { ...someKeystore(), put: async () => undefined };
  await expect(writeKeyFile(path, secrets(), forgetful)).rejects.toMatchObject({ code: "keystore/unavailable" });
  expect(await readKeyFile(path)).toEqual(secrets());
});

test("keys go to the keystore and back, and leave nothing there", async () => {
  const dataFolder = tempFolder();
  const keystore = someKeystore();
  await expect(storeKeys(dataFolder, "keystore", keystore)).rejects.toMatchObject({ code: "settings/not-registered" });
  await writeKeyFile(keyFilePath(dataFolder), secrets());
  await storeKeys(dataFolder, "keystore", keystore);
  expect([await whereKeysAre(dataFolder), keystore.held.size]).toEqual(["keystore", 1]);
  await storeKeys(dataFolder, "file", keystore);
  expect([await whereKeysAre(dataFolder), keystore.held.size]).toEqual(["file", 0]);
  expect(await readKeyFile(keyFilePath(dataFolder))).toEqual(secrets());
});
