import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TEST_SECRET, testKeys } from "../../test/support/engine.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";

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
