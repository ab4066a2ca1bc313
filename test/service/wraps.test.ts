import { generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { makeRecoveryKey } from "../../agent/keys/recovery-key-file.ts";
import { makeAdmin } from "../support/logged-in.ts";
import { machineFacts, makeVault, registerMachine, vaultPublic } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

const base64 = (length: number) => randomBytes(length).toString("base64");
const customWrap = () => ({
  kind: "custom",
  argon2: { memoryKiB: 262_144, passes: 3, parallelism: 4 },
  salt: base64(16),
  check: base64(32),
  nonce: base64(12),
  ciphertext: base64(48),
});

async function start() {
  const service = await startTestService();
  const machine = await registerMachine(service);
  const user = await service.logIn();
  const admin = await service.logIn("admin");
  const params = { machine: machine.id };
  const change = (body: object, token = user) => service.call("changeWrap", { token, params, body });
  return { service, machine, user, admin, params, change };
}

test("a new wrap takes the old one's place at once, is audited and told, and the same again is harmless", async () => {
  const { service, machine, user, admin, params, change } = await start();
  const shown = async () => (await service.call("getMachine", { token: user, params })).json;
  const before = await shown();
  expect(before.encryptionSince).toBe(before.createdAt);
  service.clock.advance(60_000);
  const wrap = customWrap();
  const changed = await change({ wrap, replaces: 1 });
  expect(changed.json).toMatchObject({ encryption: "custom", wrapVersion: 2 });
  expect(await shown()).toMatchObject({ encryption: "custom", encryptionSince: changed.json.encryptionSince });
  expect((await change({ wrap, replaces: 1 })).json).toEqual(changed.json);
  const { json } = await machine.restore(user);
  expect(json).toMatchObject({ wrap, vault: { wrapVersion: 2 } });
  const { items } = (await service.call("listAudit", { token: admin })).json;
  const acts = items.filter(({ action }: { action: string }) => action === "machines/change-key");
  expect(acts).toMatchObject([{ subject: "den", detail: "from default to custom", actor: service.first.user.email }]);
  const { domain } = service.service;
  const mails = await domain.records.mails.list({ limit: 10 }, {});
  expect(mails.filter(({ letter }) => letter === "key-changed")).toHaveLength(1);
  const events = (await service.call("listEvents", { token: admin, query: { kind: "machine.key-changed" } })).json;
  expect(events.items).toHaveLength(1);
});

test("two people who change a wrap don't overwrite each other's", async () => {
  const { change } = await start();
  expect((await change({ wrap: customWrap(), replaces: 1 })).status).toBe(200);
  const late = await change({ wrap: customWrap(), replaces: 1 });
  expect([late.status, late.code, late.json.error.data]).toEqual([412, "edit/conflict", { version: 2 }]);
});

test("only the machine's own person changes its key, in person, with a password just given", async () => {
  const { service, machine, admin, params, change } = await start();
  const body = { wrap: customWrap(), replaces: 1 };
  expect((await change(body, admin)).code).toBe("role/not-allowed");
  const other = await makeAdmin(service, admin);
  expect((await change(body, other.token)).code).toBe("role/not-allowed");
  await service.call("changeOwnOrganization", { token: admin, body: { subdomain: "acme-keys" } });
  const account = (await service.call("getMachine", { token: admin, params })).json.user.id;
  const acting = (await service.call("actAs", { token: admin, params: { user: account } })).json.token;
  expect((await change(body, acting ?? "none")).code).toBe("login/in-person");
  // A kit outlasts the right to restore: nobody else's log-in opens a vault for one.
  for (const purpose of ["recovery-kit", "change-key"])
    expect((await machine.restore(admin, { purpose })).code).toBe("role/not-allowed");
  expect((await machine.restore(admin)).status).toBe(200);
  service.clock.advance(6 * 60_000);
  expect((await change(body)).code).toBe("login/prove-again");
  expect((await service.call("getMachine", { token: admin, params })).json.encryption).toBe("default");
});

test("a kind that the configuration forbids is refused, another passphrase of a kind that there is never", async () => {
  const { service, admin, change } = await start();
  const say = (value: string[]) => {
    const body = { settings: { keyKinds: { value, locked: true } } };
    return service.call("putPolicy", { token: admin, params: { kind: "desktop" }, body });
  };
  await say(["default"]);
  const refused = await change({ wrap: customWrap(), replaces: 1 });
  expect([refused.code, refused.json.error.data]).toMatchObject(["encryption/not-allowed", { kind: "custom" }]);
  await say(["default", "custom"]);
  expect((await change({ wrap: customWrap(), replaces: 1 })).status).toBe(200);
  await say(["default"]);
  expect((await change({ wrap: customWrap(), replaces: 2 })).status).toBe(200);
});

test("a default wrap that the service can't open never takes the place of one that opens", async () => {
  const { service, machine, user, change } = await start();
  const { wrap } = await vaultPublic(service, makeVault());
  const refused = await change({ wrap, replaces: 1 });
  expect([refused.code, refused.json.error.data.field]).toEqual(["request/malformed", "wrap"]);
  expect((await machine.restore(user)).json.wrap.kind).toBe("released");
});

test("an organization's recovery certificates are added, found by their fingerprint, and retired", async () => {
  const { service, admin, user, change } = await start();
  const now = service.clock.now();
  const acme = await makeRecoveryKey({ name: "Acme <b>", passphrase: "p", now, random: randomBytes });
  const { fingerprint, certificate } = acme;
  const add = (text: string, token = admin) =>
    service.call("addRecoveryCertificate", { token, body: { certificate: text } });
  expect((await add(certificate, user)).code).toBe("role/not-allowed");
  expect((await add(certificate)).json).toMatchObject({ fingerprint, name: "Acme <b>", retiredAt: null });
  const found = await service.call("findRecoveryCertificate", { params: { fingerprint } });
  expect(found.json.fingerprint).toBe(fingerprint);
  const unknown = await service.call("findRecoveryCertificate", { params: { fingerprint: "0".repeat(64) } });
  expect([unknown.status, unknown.code]).toEqual([404, "recovery-certificate/missing"]);

  const wrap = { kind: "corporate", certificate: fingerprint, ciphertext: base64(384) };
  const register = async (more: object) => {
    const vault = await vaultPublic(service, makeVault(), { wrap: { ...wrap, ...more } });
    const body = { productKey: service.first.productKeys.server, machine: machineFacts({ kind: "server" }), vault };
    return await service.call("register", { body });
  };
  expect((await register({ certificate: "1".repeat(64) })).code).toBe("recovery-certificate/missing");
  expect((await register({})).status).toBe(200);

  const retired = await service.call("retireRecoveryCertificate", { token: admin, params: { fingerprint } });
  expect(retired.json.retiredAt).toBe(new Date(service.clock.now()).toISOString());
  expect((await service.call("listRecoveryCertificates", { token: admin })).json.items).toEqual([retired.json]);
  expect((await service.call("findRecoveryCertificate", { params: { fingerprint } })).status).toBe(404);
  expect((await change({ wrap, replaces: 1 })).code).toBe("recovery-certificate/missing");
  expect((await add(certificate)).json.retiredAt).toBeNull();
});

test("what is no certificate for recovery is refused with the reason, a private key before anything else", async () => {
  const { service, admin } = await start();
  const pem = { format: "pem", type: "pkcs8" } as const;
  const key = generateKeyPairSync("ed25519").privateKey.export(pem).toString();
  const old = await makeRecoveryKey({ name: "Old", passphrase: "p", now: 0, random: randomBytes });
  const reason = async (certificate: string) =>
    (await service.call("addRecoveryCertificate", { token: admin, body: { certificate } })).json.error?.data.reason;
  expect(await reason(`${old.certificate}${key}`)).toContain("private key");
  expect(await reason("hello")).toContain("no X.509");
  expect(await reason(old.certificate)).toContain("ended");
  expect(await reason(EC_CERTIFICATE)).toContain("not RSA");
});

/** Made once by OpenSSL: P-256, for the name ec. */
const EC_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUWe3V8xM76e/W/Sg2i8K0g5z9DjMwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCZWMwIBcNMjYxMTIyMTMxNzAyWhgPMjEyNjEwMjkxMzE3MDJa
MA0xCzAJBgNVBAMMAmVjMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEx36Kucps
dIvjfCREAafkWHMaW7ov+bTD8Qs6giDYuyR+8dzfYnaNPGXXMkBdWALjF5OA2SBe
KX2EH/p1xMuYwKNTMFEwHQYDVR0OBBYEFEWieQy7tFuv/S5dPRsYduijtCXOMB8G
A1UdIwQYMBaAFEWieQy7tFuv/S5dPRsYduijtCXOMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhALUe/PotZrV7rndLxOhCGqzKEkveoIQrKoR7YcLS
AiW7AiB/Hw+gO5j2vjJOeszY3w7WCRdGIYBG0G1I6jJdm7yIPA==
-----END CERTIFICATE-----`;
