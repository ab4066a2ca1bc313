/** Machines of a rebuilt database: under their own user where that is known, else under a recovered one, from whom an admin moves them on. */

import { organizationCreate } from "../../../protocol/messages/organizations.ts";
import { userCreate } from "../../../protocol/messages/users.ts";
import { NO_RECORD } from "../../../protocol/snapshot-record.ts";
import type { VaultCard } from "../../../protocol/vault-card.ts";
import type { AccountRow } from "../../records/rows.ts";
import { keepToken } from "../access/tokens.ts";
import type { Domain } from "../domain.ts";
import { newMachine } from "../machines/new-machine.ts";
import { createOrganization } from "../people/organizations.ts";
import { createUser } from "../people/users.ts";

const BY = { actor: "holdfast-server rebuild" };
const NAME = "Recovered";
const LOGIN = "recovered@holdfast.invalid";
const DEVICES = 1_000_000;

/** Made when it is first needed. */
export interface Recovered {
  account?: AccountRow;
}

/** Answers whether it came under the recovered user. */
export async function adoptMachine(domain: Domain, card: VaultCard, recovered: Recovered): Promise<boolean> {
  const { records } = domain;
  const known = await records.accounts.find(card.account);
  const own = known?.organization === card.organization && known.role === "user" ? known : undefined;
  const account = own ?? (await recoveredAccount(domain, recovered));
  await records.transaction(async (stores) => {
    const facts = { name: card.name, os: card.os, kind: card.kind, virtual: card.virtual };
    const more = { fingerprint: card.fingerprint, agentVersion: card.agentVersion };
    const machine = newMachine(domain, account, { ...facts, ...more }, undefined);
    if ((await stores.machines.findEvenDeleted(card.machine)) === undefined)
      await stores.machines.insert({ ...machine, id: card.machine, createdAt: Date.parse(card.createdAt) });
    await stores.vaults.insert({
      id: card.vault,
      machine: card.machine,
      epoch: card.epoch,
      readKey: Buffer.from(card.readKey, "base64"),
      signer: Buffer.from(card.signer, "base64"),
      signerProof: Buffer.from(card.signerProof, "base64"),
      wrap: JSON.stringify(card.wrap),
      wrapVersion: 1,
      wrapAt: null,
      sequence: 0,
      head: NO_RECORD,
      fence: 0,
    });
    if (card.agentToken !== null) {
      const digest = Buffer.from(card.agentToken, "hex");
      if ((await stores.tokens.find(digest)) === undefined)
        await keepToken(domain, stores, { audience: "agent", machine: card.machine, digest });
    }
    await stores.accounts.recount(account.id);
  });
  return own === undefined;
}

async function recoveredAccount(domain: Domain, recovered: Recovered): Promise<AccountRow> {
  if (recovered.account !== undefined) return recovered.account;
  const { records } = domain;
  const password = () => domain.random(24).toString("base64url");
  const known = await records.organizations.findByName(NAME);
  const organization =
    known ??
    (
      await createOrganization(
        domain,
        // Nobody knows these passwords: a top-level admin sets new ones.
        organizationCreate.parse({ name: NAME, admin: { email: `admin.${LOGIN}`, name: NAME, password: password() } }),
        BY,
      )
    ).organization;
  const limits = { desktopDevices: DEVICES, serverDevices: DEVICES };
  const wanted = userCreate.parse({ email: LOGIN, name: NAME, password: password(), ...limits });
  recovered.account =
    (await records.accounts.findByLogin(LOGIN)) ?? (await createUser(domain, organization.id, wanted, BY));
  return recovered.account;
}
