/** Registers a machine with nobody in front of it, and can be done again: what is registered stays as it is. */
import { resolve } from "node:path";
import { applyWanted, checkWanted, findSettings, registerMachine, type Settings } from "../agent/index.ts";
import { systemRandom } from "../base/random.ts";
import { parseEnrolmentCode } from "../protocol/enrolment-code.ts";
import { HoldfastError } from "../protocol/errors.ts";
import { type Context, optionError, parseFingerprint } from "./context.ts";
import { type EnrolmentWish, readWish, settingsOf, wipeSecrets } from "./enrolment-wish.ts";

export interface SilentOptions {
  readonly from?: string | undefined;
  /** Secrets out of the file, once the machine is registered. */
  readonly wipe?: boolean | undefined;
}

export interface Enrolment {
  readonly machine: string;
  readonly name: string;
  readonly service: string;
  /** Whether it was registered just now. */
  readonly isNew: boolean;
  /** Names of settings that were set just now. */
  readonly changed: readonly string[];
}

/** Throws `enrolment/invalid`, `setting/invalid`, `settings/registered` (with another service), and what the service refuses. */
export async function enrolSilently(context: Context, { from, wipe = false }: SilentOptions): Promise<Enrolment> {
  const { dataFolder } = context;
  if (wipe && (from === undefined || from === "-"))
    throw optionError(context, "--wipe", "goes together with --from <file>");
  const wish = await readWish(context, from);
  const wanted = settingsOf(wish);
  await checkWanted(wanted);
  const before = await findSettings(dataFolder);
  if (before) refuseAnother(before, wish, dataFolder);
  else await register(context, wish);
  const changed = await applyWanted(dataFolder, wanted);
  const after = before ?? (await findSettings(dataFolder));
  if (!after) throw new HoldfastError("settings/not-registered", { path: dataFolder });
  // Last: whoever is cut short before this can simply begin again.
  if (wipe && from !== undefined) await wipeSecrets(resolve(context.surroundings.calledFrom, from));
  return { machine: after.machine, name: after.name, service: after.service.url, isNew: before === undefined, changed };
}

function refuseAnother({ name, service }: Settings, wish: EnrolmentWish, dataFolder: string): void {
  const same = (url: string) => url.replace(/\/+$/, "").toLowerCase();
  if (wish.service === undefined || same(wish.service) === same(service.url)) return;
  throw new HoldfastError("settings/registered", { machine: name, service: service.url, path: dataFolder });
}

async function register(context: Context, wish: EnrolmentWish): Promise<void> {
  const missing = (what: string) =>
    new HoldfastError("enrolment/invalid", { path: "What this machine is told", reason: `${what} is missing` });
  const { service: url, key, email, password, passphrase, name, kind } = wish;
  if (url === undefined) throw missing("the service's address (service, HOLDFAST_SERVICE)");
  const code = key === undefined ? undefined : parseEnrolmentCode(key);
  if (key !== undefined && code === undefined) throw missing("a product key or an enrolment code that makes sense");
  const fingerprint = parseFingerprint(context, wish.fingerprint) ?? code?.fingerprint;
  const recoveryFingerprint =
    parseFingerprint(context, wish.recoveryFingerprint, "recoveryFingerprint") ?? code?.recoveryFingerprint;
  const login = code || email === undefined || password === undefined ? undefined : { email, password, code: noCode };
  if (code === undefined && login === undefined)
    throw missing("a product key (key, HOLDFAST_PRODUCT_KEY), or an e-mail address and a password,");
  if (passphrase !== undefined && recoveryFingerprint !== undefined)
    throw missing("one of passphrase and recoveryFingerprint, which don't go together,");
  await registerMachine({
    dataFolder: context.dataFolder,
    address: { url, ...(fingerprint ? { fingerprint } : {}) },
    productKey: code?.productKey,
    login,
    passphrase,
    recoveryFingerprint,
    name,
    kind,
    random: systemRandom,
  });
}

/** Of a second factor: nobody is there. */
const noCode = (): Promise<string> =>
  Promise.reject(
    new HoldfastError("enrolment/invalid", {
      path: "What this machine is told",
      reason: "the account has a second factor; use a product key",
    }),
  );
