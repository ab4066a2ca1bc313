/** Opens a vault for reading: log-in, restore session, vault secret, keys. */
import { setImmediate } from "node:timers/promises";
import { type Clock, systemClock } from "../../base/clock.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { OpenRestoreRequest } from "../../protocol/messages/restores.ts";
import type { Openers } from "../keys/openers.ts";
import { consoleRemote, publicRemote, restoreRemote } from "../remote/http-remote.ts";
import { RateLimit } from "../remote/rate-limit.ts";
import type { ConsoleRemote, RestoreRemote } from "../remote/remote.ts";
import type { ServiceAddress } from "../remote/service-address.ts";
import { findMachine } from "./find-machine.ts";
import type { KnownSnapshot, Vault } from "./vault.ts";

export interface OpenVaultOptions extends Openers {
  readonly address: ServiceAddress;
  readonly email: string;
  readonly password: string;
  /** The code of a second factor, asked for when it is needed. */
  readonly code?: (() => Promise<string>) | undefined;
  /** Its id or name; absent: the only one. */
  readonly machine?: string | undefined;
  readonly source: OpenRestoreRequest["source"];
  readonly purpose: NonNullable<OpenRestoreRequest["purpose"]>;
  /** Of a restore that was ordered on this machine: its record goes on. */
  readonly order?: string | undefined;
  /** From the last receipt of this machine, when it is this machine's vault. */
  readonly known?: (() => Promise<KnownSnapshot | undefined>) | undefined;
  readonly clock?: Clock;
  /** Bytes a second; Infinity or absent: no limit. An object may be changed meanwhile. */
  readonly downloadLimit?: RateLimit | number | undefined;
  /** Bytes that are nearer, such as those of a local copy; `undefined`: there are none. */
  readonly nearby?:
    | ((service: RestoreRemote, of: { machine: string; vault: string }) => Promise<Nearby | undefined>)
    | undefined;
  /** Loads what will be needed next; called while the service checks the password. */
  readonly loadNext?: (() => Promise<unknown>) | undefined;
}

export interface Nearby extends Disposable {
  readonly remote: RestoreRemote;
}

export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { clock = systemClock, purpose, address } = options;
  const login = publicRemote(address).login(options);
  const [loggedIn, prepared] = await Promise.allSettled([login, prepare(options)]);
  if (loggedIn.status === "rejected") throw loggedIn.reason;
  const account = consoleRemote(address, loggedIn.value.token);
  if (prepared.status === "rejected") return await failed(prepared.reason, [logout(account)]);
  const { Vault, unlock, known } = prepared.value;

  const open = async () => {
    const machine = await findMachine(account, options.machine);
    const order = options.order ? { order: options.order } : {};
    return await account.openRestore(machine, { source: options.source, purpose, ...order });
  };
  const session = await open().catch((error: unknown) => failed(error, [logout(account)]));
  const { machine } = session;
  // What was logged in for is done, and reading goes on with the session's own token.
  const loggedOut = logout(account);
  const remote = restoreRemote(address, session.token, limitOf(options.downloadLimit, clock));
  try {
    const keys = await unlock(session, options);
    const endStatus = purpose === "restore" ? "cancelled" : "completed";
    const near = await options.nearby?.(remote, { machine, vault: session.vault.id });
    const close = async () => {
      near?.[Symbol.dispose]();
      await loggedOut;
    };
    return new Vault({ remote: near?.remote ?? remote, keys, machine, clock, known, endStatus, close });
  } catch (error) {
    const code = error instanceof HoldfastError ? error.code : "bug/unexpected";
    const nothing = { filesRequested: 0, filesRetrieved: 0, bytes: 0 };
    const told = remote.progress({ ...nothing, status: "failed", code }).catch(() => undefined);
    return await failed(error, [told, loggedOut]);
  }
}

/** Checking a password takes the service longer than loading all this takes us. */
async function prepare({ known, loadNext }: OpenVaultOptions) {
  // First the request must leave: loading does not let go before it is done.
  for (let turn = 0; turn < 2; turn++) await setImmediate();
  const [{ Vault }, { unlock }] = await Promise.all([import("./vault.ts"), import("./unlock.ts")]);
  const found = await known?.();
  await loadNext?.();
  return { Vault, unlock, known: found };
}

async function failed(error: unknown, lastWords: readonly Promise<unknown>[]): Promise<never> {
  await Promise.all(lastWords);
  throw error;
}

/** Nothing where nothing limits: then threads may read by themselves. */
function limitOf(limit: OpenVaultOptions["downloadLimit"], clock: Clock): RateLimit | undefined {
  if (typeof limit === "number") return Number.isFinite(limit) ? new RateLimit(clock, limit) : undefined;
  return limit;
}

/** The token runs out by itself. */
const logout = (account: ConsoleRemote): Promise<void> => account.logout().catch(() => undefined);
