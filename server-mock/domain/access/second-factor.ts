/**
 * Second factors: codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 seconds) and recovery codes, each good once. What an account
 * row keeps is sealed: a copy of the database gives neither.
 */
import { z } from "zod";
import { equalSecrets, sha256 } from "../../../base/digest.ts";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { AccountRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Clocks of phones may be half a minute off, either way. */
const WINDOW = 1;
const RECOVERY_CODES = 10;

/** In `totp` of an account. */
const stored = z.strictObject({
  /** What counts; sealed. */
  active: z.string().nullable(),
  /** What a code has to confirm before it counts; sealed. */
  pending: z.string().nullable(),
});
const factor = z.strictObject({
  /** base32 */
  secret: z.string(),
  /** Of the last code that was taken: no code is good twice. */
  lastStep: z.int(),
  /** SHA-256, base64url; used ones are gone. */
  recovery: z.array(z.string()),
});
export type Factor = z.infer<typeof factor>;

type Sealed = Pick<AccountRow, "id" | "totp">;

const partsOf = ({ totp }: Pick<AccountRow, "totp">): z.infer<typeof stored> =>
  totp === null ? { active: null, pending: null } : stored.parse(JSON.parse(totp));

export const hasSecondFactor = (account: Pick<AccountRow, "totp">): boolean => partsOf(account).active !== null;

export const activeFactor = (domain: Domain, account: Sealed): Factor | undefined =>
  open(domain, account.id, partsOf(account).active);

export const pendingFactor = (domain: Domain, account: Sealed): Factor | undefined =>
  open(domain, account.id, partsOf(account).pending);

/** The column of an account whose factor counts from now on. */
export const withActive = (domain: Domain, { id }: Sealed, active: Factor): string =>
  JSON.stringify({ active: seal(domain, id, active), pending: null });

/** The column of an account that has used a code. */
export const withUsed = (domain: Domain, account: Sealed, active: Factor): string =>
  JSON.stringify({ ...partsOf(account), active: seal(domain, account.id, active) });

/** The column of an account that sets one up; an older one counts until then. */
export const withPending = (domain: Domain, account: Sealed, pending: Factor): string =>
  JSON.stringify({ ...partsOf(account), pending: seal(domain, account.id, pending) });

const context = (account: string): string => `second-factor/${account}`;

const seal = ({ keys }: Domain, account: string, value: Factor): string =>
  keys.secrets.seal(Buffer.from(JSON.stringify(value)), context(account)).toString("base64");

function open({ keys }: Domain, account: string, sealed: string | null): Factor | undefined {
  if (sealed === null) return undefined;
  const opened = keys.secrets.open(Buffer.from(sealed, "base64"), context(account));
  // Never as if there were none: who changes a row, or loses the keys, must not get in with a password alone.
  if (opened === undefined) throw new HoldfastError("second-factor/unreadable");
  return factor.parse(JSON.parse(opened.toString()));
}

/** A fresh one, with what an authenticator app is told. */
export async function makeFactor({ random }: Domain, login: string): Promise<{ factor: Factor; uri: string }> {
  const { Secret } = await import("otpauth");
  const bytes = random(SECRET_BYTES);
  const secret = new Secret({ buffer: new Uint8Array(bytes).buffer }).base32;
  const uri = (await totp(secret, login)).toString();
  return { factor: { secret, lastStep: 0, recovery: [] }, uri };
}

async function totp(secret: string, label: string) {
  const { TOTP } = await import("otpauth");
  return new TOTP({ issuer: "Holdfast", label, secret, algorithm: "SHA1", digits: DIGITS, period: PERIOD_SECONDS });
}

/** The factor as it is after this code; undefined when the code is wrong or was taken before. */
export async function useCode(current: Factor, typed: string, now: number): Promise<Factor | undefined> {
  const code = typed.replace(/[\s-]/g, "").toLowerCase();
  if (/^\d+$/.test(code)) {
    const step = await stepOf(current.secret, code, now);
    return step === undefined || step <= current.lastStep ? undefined : { ...current, lastStep: step };
  }
  const digest = recoveryDigest(code);
  const recovery = current.recovery.filter((each) => !equalSecrets(Buffer.from(each), Buffer.from(digest)));
  return recovery.length < current.recovery.length ? { ...current, recovery } : undefined;
}

async function stepOf(secret: string, code: string, now: number): Promise<number | undefined> {
  const delta = (await totp(secret, "")).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
}

/** Ten of them, about 79 bits each, none with digits only: those are codes of the app. */
export function makeRecoveryCodes({ random }: Domain): { codes: string[]; digests: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => recoveryCode(random));
  return { codes, digests: codes.map((code) => recoveryDigest(code.replaceAll("-", ""))) };
}

const ALPHABET = "abcdefghjkmnpqrstvwxyz23456789";

function recoveryCode(random: Domain["random"]): string {
  let text = "";
  while (text.length < 16 || /^\d+$/.test(text)) {
    if (text.length >= 16) text = "";
    for (const byte of random(32)) if (byte < 240 && text.length < 16) text += ALPHABET[byte % ALPHABET.length];
  }
  return (text.match(/.{4}/g) ?? []).join("-");
}

const recoveryDigest = (code: string): string => sha256(Buffer.from(code)).toString("base64url");
