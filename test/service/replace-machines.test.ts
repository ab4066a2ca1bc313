import { expect, test } from "vitest";
import { hkdfSha256 } from "../../base/digest.ts";
import { hpkePublicKey } from "../../base/hpke.ts";
import { addMachine, addUser } from "../support/people.ts";
import { machineFacts, makeVault, type TestMachine } from "../support/test-machine.ts";
import { startTestService } from "../support/test-service.ts";

async function start() {
  const service = await startTestService();
  const token = await service.logIn("admin");
  const user = await addUser(service, token, "ann");
  const machine = await addMachine(service, user);
  await machine.backUp();
  const make = async () => await service.call("createReplacement", { token, params: { machine: machine.id } });
  const use = (code: string, facts: object = {}) => {
    const { signer, signerProof } = makeVault();
    const keys = { signer: signer.publicKey.toString("base64"), signerProof: signerProof.toString("base64") };
    return service.call("useReplacement", { body: { code, facts: machineFacts({ ...facts }), ...keys } });
  };
  return { service, token, user, machine, make, use };
}

/** The new hardware's side of the machine: other keys, the same vault. */
function onNewHardware(machine: TestMachine, token: string): void {
  machine.token = token;
}

test("new hardware takes over a history with a code: same machine, same vault, the old token dies", async () => {
  const { service, token, machine, make, use } = await start();
  const { code, expiresAt } = (await make()).json;
  expect(code).toMatch(/^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}$/);
  expect(Date.parse(expiresAt)).toBe(service.clock.now() + 24 * 3600 * 1000);
  const opened = (await service.call("openReplacement", { body: { code: code.toLowerCase() } })).json;
  const readKey = hpkePublicKey(
    hkdfSha256(Buffer.from(opened.wrap.secret, "base64"), machine.vault.id, "holdfast/v1/read", 32),
  );
  expect([opened.machine, opened.vault.readKey]).toEqual([machine.id, readKey.toString("base64")]);
  const taken = await use(code, { name: "new den", fingerprint: "ef".repeat(32) });
  expect(taken.json.machine).toBe(machine.id);
  expect((await machine.open()).code).toBe("token/invalid");
  onNewHardware(machine, taken.json.token);
  await machine.open();
  expect(machine.session.sequence).toBe(2);
  const seen = (await service.call("getMachine", { token, params: { machine: machine.id } })).json;
  expect(seen).toMatchObject({ name: "new den", vault: { sequence: 1 } });
  const [row] = (await service.service.domain.records.audit.list({ limit: 30 }, {})).filter(
    ({ action }) => action === "machines/replace",
  );
  expect(row?.detail).toBe("new hardware in place of den");
});

test("a code is good once and for a day, and an earlier one dies with the next", async () => {
  const { service, make, use } = await start();
  const first = (await make()).json.code;
  const second = (await make()).json.code;
  expect((await use(first)).code).toBe("replacement/invalid");
  expect((await use(second)).status).toBe(200);
  expect((await use(second)).code).toBe("replacement/invalid");
  const third = (await make()).json.code;
  service.clock.advance(24 * 3600 * 1000);
  expect((await service.call("openReplacement", { body: { code: third } })).code).toBe("replacement/invalid");
});

test("guessing codes locks the address", async () => {
  const { make, use } = await start();
  const { code } = (await make()).json;
  for (let count = 0; count < 5; count++)
    expect((await use("AAAAA-BBBBB-CCCCC-DDDDD")).code).toBe("replacement/invalid");
  expect((await use(code)).code).toBe("login/locked");
});

test("a computer that is another machine of the user, or of another type, takes nothing over", async () => {
  const { service, user, machine, make, use } = await start();
  const other = await addMachine(service, user, { fingerprint: "12".repeat(32) });
  const { code } = (await make()).json;
  const refused = await use(code, { fingerprint: "12".repeat(32) });
  expect([refused.code, refused.json.error.data.machine]).toEqual(["machine/known", other.id]);
  expect((await use(code, { kind: "server" })).code).toBe("product-key/wrong-type");
  expect((await machine.open()).status).toBe(200);
});

test("a code opens backups, so only who may restore makes one, and not in another's name", async () => {
  const { service, token, machine, make } = await start();
  const { records } = service.service.domain;
  const admin = await records.accounts.findByLogin(service.first.admin.email);
  const capabilities = JSON.stringify(["machines.view", "machines.edit"]);
  const role = { id: service.service.domain.newId(), organization: admin?.organization ?? "", name: "helpers" };
  await records.roles.insert({ ...role, capabilities, scopeGroups: null, madeBy: null, version: 1, createdAt: 1 });
  await records.accounts.change(admin?.id ?? "", { roleId: role.id });
  const refused = await make();
  expect([refused.code, refused.json.error.data.capability]).toEqual(["role/not-allowed", "restores.create"]);
  const change = { token, params: { machine: machine.id }, body: { externalId: "A-1" } };
  expect((await service.call("changeMachine", change)).status).toBe(200);
});

test("of a custom key the code gives the wrap, never a secret", async () => {
  const { service, machine, make } = await start();
  const base64 = (length: number) => Buffer.alloc(length, 1).toString("base64");
  const argon2 = { memoryKiB: 8, passes: 1, parallelism: 1 };
  const custom = {
    kind: "custom",
    argon2,
    salt: base64(16),
    check: base64(32),
    nonce: base64(12),
    ciphertext: base64(48),
  };
  const { records } = service.service.domain;
  const vault = await records.vaults.findByMachine(machine.id);
  await records.vaults.change(vault?.number ?? 0, { wrap: JSON.stringify(custom) });
  const { code } = (await make()).json;
  expect((await service.call("openReplacement", { body: { code } })).json.wrap).toEqual(custom);
});
