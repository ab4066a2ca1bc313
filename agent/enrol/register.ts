/**
 * Registration: makes the vault, wraps its secret for whoever may read it, and keeps on this machine only what adds to the history
 * (format §2). The secret lives in this file's memory alone.
 */
import { mkdir } from "node:fs/promises";
import { type Random, systemRandom } from "../../base/random.ts";
import { signingKey } from "../../base/signing.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type {
  Encryption,
  MachineFacts,
  RegisterResponse,
  VaultPublic,
  Wrap,
} from "../../protocol/messages/machines.ts";
import type { ReleasedWrap } from "../../protocol/messages/restores.ts";
import type { ServiceFacts } from "../../protocol/messages/service.ts";
import { PROTOCOL } from "../../protocol/version.ts";
import { trustedCertificate, wrapCorporate } from "../keys/corporate-wrap.ts";
import { keyFilePath, writeKeyFile } from "../keys/key-file.ts";
import type { Openers } from "../keys/openers.ts";
import { deriveVaultKeys, signerProof, type VaultKeys, type WriteKeys } from "../keys/vault-keys.ts";
import { wrapCustom, wrapDefault } from "../keys/wraps.ts";
import { consoleRemote, publicRemote } from "../remote/http-remote.ts";
import type { Login, PublicRemote } from "../remote/remote.ts";
import type { ServiceAddress } from "../remote/service-address.ts";
import { DEFAULT_SETTINGS, findSettings, saveSettings, settingsPath } from "../settings.ts";
import { unlock } from "../vault/unlock.ts";
import { type Identity, identify } from "./fingerprint.ts";
import { describeMachine, type MachineKind } from "./machine-facts.ts";

export interface RegisterOptions {
  readonly dataFolder: string;
  readonly address: ServiceAddress;
  /** Either a product key or a user's log-in. */
  readonly productKey?: string | undefined;
  readonly login?: Login | undefined;
  /** Makes a custom key: nobody but who knows it can ever read the backups. */
  readonly passphrase?: string | undefined;
  /** Makes a corporate key, for the recovery certificate of that fingerprint: its organization can read the backups, the service can't. */
  readonly recoveryFingerprint?: string | undefined;
  readonly name?: string | undefined;
  readonly kind?: MachineKind | undefined;
  readonly random?: Random;
}

export interface RecoverOptions extends Openers {
  readonly dataFolder: string;
  readonly address: ServiceAddress;
  readonly login: Login;
  /** Hexadecimal id of the machine whose history goes on here; found by its name when absent. */
  readonly machine?: string | undefined;
  readonly name?: string | undefined;
  readonly kind?: MachineKind | undefined;
  readonly random?: Random;
}

export interface ReplaceOptions extends Omit<RecoverOptions, "login" | "machine"> {
  /** From an administrator: stands for the machine whose history goes on here. */
  readonly code: string;
}

export interface Registered {
  readonly machine: string;
  readonly name: string;
  readonly organization: string;
  readonly user: string;
  readonly encryption: Encryption;
}

/** Throws `settings/registered`, `machine/known` and whatever the service refuses. */
export async function registerMachine(options: RegisterOptions): Promise<Registered> {
  const { dataFolder, address, random = systemRandom, login, productKey } = options;
  await refuseSecond(dataFolder);
  const remote = publicRemote(address);
  const service = await remote.facts();
  checkProtocol(service, address);
  const identity = await identify();
  const facts = await describeMachine(options, identity);
  const secret = random(32);
  const vault = deriveVaultKeys(secret, random(16), 1);
  const keys = writeKeys(vault, random(32));
  const wrap = await newWrap(secret, vault, { ...options, remote, service, random });
  const wanted = { machine: facts, vault: publicSide(keys, wrap) };
  const registered = await remote.register(productKey === undefined ? wanted : { ...wanted, productKey }, login);
  return await keep({ dataFolder, address, keys, registered, facts, service, encryption: wrap.kind, identity });
}

/** After the machine's keys were lost: its user's log-in gives the vault back, and the history goes on. */
export async function recoverMachine(options: RecoverOptions): Promise<Registered> {
  const { dataFolder, address, random = systemRandom, login } = options;
  await refuseSecond(dataFolder);
  const remote = publicRemote(address);
  const service = await remote.facts();
  checkProtocol(service, address);
  const { token } = await remote.login(login);
  const account = consoleRemote(address, token);
  const identity = await identify();
  const facts = await describeMachine(options, identity);
  const machine = options.machine ?? (await findMachine(account.machines(), facts.name));
  const session = await account.openRestore(machine, { source: "agent", purpose: "recover" });
  const keys = writeKeys(await unlock(session, options), random(32));
  const signer = signingKey(keys.signerSeed).publicKey.toString("base64");
  const registered = await account.recover({
    machine,
    facts,
    signer,
    signerProof: keys.signerProof.toString("base64"),
  });
  const encryption = encryptionOf(session.wrap);
  await account.logout().catch(() => undefined);
  return await keep({ dataFolder, address, keys, registered, facts, service, encryption, identity });
}

/** New hardware takes over a machine of which nobody here has a log-in. Throws `replacement/invalid`. */
export async function replaceMachine(options: ReplaceOptions): Promise<Registered> {
  const { dataFolder, address, random = systemRandom, code } = options;
  await refuseSecond(dataFolder);
  const remote = publicRemote(address);
  const service = await remote.facts();
  checkProtocol(service, address);
  const opened = await remote.openReplacement(code);
  const identity = await identify();
  const facts = await describeMachine({ ...options, name: options.name ?? opened.name }, identity);
  const keys = writeKeys(await unlock(opened, options), random(32));
  const signer = signingKey(keys.signerSeed).publicKey.toString("base64");
  const signerProof = keys.signerProof.toString("base64");
  const registered = await remote.replace({ code, facts, signer, signerProof });
  const encryption = encryptionOf(opened.wrap);
  return await keep({ dataFolder, address, keys, registered, facts, service, encryption, identity });
}

async function keep(all: {
  dataFolder: string;
  address: ServiceAddress;
  keys: WriteKeys;
  registered: RegisterResponse;
  facts: MachineFacts;
  service: ServiceFacts;
  encryption: Registered["encryption"];
  identity: Identity;
}): Promise<Registered> {
  const { dataFolder, address, keys, registered, facts, service, encryption, identity } = all;
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeKeyFile(keyFilePath(dataFolder), {
    keys,
    token: registered.token,
    receiptKey: Buffer.from(service.receiptKey, "base64"),
  });
  await saveSettings(dataFolder, {
    ...DEFAULT_SETTINGS,
    roots: [],
    excludes: [],
    service: { url: address.url, ...(address.fingerprint === undefined ? {} : { fingerprint: address.fingerprint }) },
    machine: registered.machine,
    name: facts.name,
    email: registered.user,
    kind: facts.kind,
    identifiedBy: identity.identifiedBy,
  });
  return {
    machine: registered.machine,
    name: facts.name,
    organization: registered.organization,
    user: registered.user,
    encryption,
  };
}

const encryptionOf = ({ kind }: ReleasedWrap): Encryption => (kind === "released" ? "default" : kind);

async function newWrap(
  secret: Buffer,
  vault: VaultKeys,
  {
    passphrase,
    recoveryFingerprint: fingerprint,
    remote,
    service,
    random,
  }: Pick<RegisterOptions, "passphrase" | "recoveryFingerprint"> & {
    remote: PublicRemote;
    service: ServiceFacts;
    random: Random;
  },
): Promise<Wrap> {
  if (passphrase !== undefined) return await wrapCustom(secret, vault, passphrase, random);
  if (fingerprint === undefined) return await wrapDefault(secret, vault, kekOf(service));
  const { certificate } = await remote.recoveryCertificate(fingerprint);
  return wrapCorporate(secret, vault, trustedCertificate(certificate, fingerprint));
}

async function refuseSecond(dataFolder: string): Promise<void> {
  const settings = await findSettings(dataFolder);
  if (!settings) return;
  throw new HoldfastError("settings/registered", {
    machine: settings.name,
    service: settings.service.url,
    path: settingsPath(dataFolder),
  });
}

function writeKeys(vault: VaultKeys, signerSeed: Buffer): WriteKeys {
  const proof = signerProof(vault, signingKey(signerSeed).publicKey);
  const { readPublic, idKey, splitKey, epoch } = vault;
  return { vault: vault.vault, epoch, readPublic, idKey, splitKey, signerSeed, signerProof: proof };
}

function publicSide(keys: WriteKeys, wrap: VaultPublic["wrap"]): VaultPublic {
  return {
    id: keys.vault.toString("hex"),
    readKey: keys.readPublic.toString("base64"),
    signer: signingKey(keys.signerSeed).publicKey.toString("base64"),
    signerProof: keys.signerProof.toString("base64"),
    wrap,
  };
}

const kekOf = ({ kek }: ServiceFacts) => ({ id: kek.id, publicKey: Buffer.from(kek.publicKey, "base64") });

function checkProtocol({ protocol, version }: ServiceFacts, { url }: ServiceAddress): void {
  if (protocol.min <= PROTOCOL.max && protocol.max >= PROTOCOL.min) return;
  throw new HoldfastError("service/protocol", {
    request: url,
    reason: `it is version ${version} and speaks protocol ${protocol.min} to ${protocol.max}`,
  });
}

async function findMachine(machines: AsyncIterable<{ id: string; name: string }>, name: string): Promise<string> {
  for await (const machine of machines) if (machine.name === name) return machine.id;
  throw new HoldfastError("machine/missing");
}
