/** Add New User: many at once, each with all checks; the answer says of each row whether it was made, and if not why. */
import { asHoldfastError, HoldfastError } from "../../../protocol/errors.ts";
import { email as emailSchema, name as nameSchema } from "../../../protocol/messages/fields.ts";
import type { RecordStores } from "../../records/records.ts";
import type { AccountRow, DeviceKind, GroupRow, OrganizationRow } from "../../records/rows.ts";
import { getGroup } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { makeLink } from "../access/links.ts";
import { quotaTurn } from "../backup/quota.ts";
import type { Domain } from "../domain.ts";
import { emit } from "../events/emit.ts";
import { mailInstructions } from "../mail/account-mails.ts";
import { type AuditActor, audit } from "../records/audit.ts";
import { checkHasUsers } from "./editions.ts";
import { checkDevices, checkUserLimit } from "./limits.ts";
import { addAccount } from "./new-account.ts";
import { findOrganization } from "./organizations.ts";
import { checkRegion, checkSync, checkUserKind } from "./user-checks.ts";

export interface NewUser {
  /** Without it: the default group. */
  readonly group?: string | undefined;
  /** null: machines of either kind. */
  readonly kind: DeviceKind | null;
  readonly name: string;
  readonly email: string;
  readonly externalId?: string | null;
  readonly limitBytes?: number | null;
  readonly desktopDevices: number;
  readonly serverDevices: number;
  readonly installRegion?: string | null;
  readonly sync?: boolean;
  /** Without one the user is inactive until it has chosen one. */
  readonly password?: string | undefined;
  readonly isTemporary?: boolean;
  /** A mail with a link to choose a password, and how to install. */
  readonly sendInstructions?: boolean;
}

export type NewUserOutcome =
  | { readonly kind: "made"; readonly user: AccountRow }
  | { readonly kind: "refused"; readonly error: HoldfastError };

export interface NewUsersOrder {
  readonly organization: string;
  readonly users: readonly NewUser[];
  /** None is made when one can't be. */
  readonly allOrNothing?: boolean;
  /** Everything is checked, nothing is made. */
  readonly dryRun?: boolean;
}

/** One outcome for each row, in order; `isKept`: those that were made are there. `caller`: undefined for the operator. */
export async function createUsers(
  domain: Domain,
  order: NewUsersOrder,
  by: AuditActor & { caller: ConsoleCaller | undefined },
): Promise<{ outcomes: NewUserOutcome[]; isKept: boolean }> {
  // Outside the transaction: it takes long.
  const hashes: (string | undefined | HoldfastError)[] = [];
  for (const { password } of order.users) hashes.push(await hashOf(domain, password));
  const { caller, ...actor } = by;
  try {
    const outcomes = await domain.records.transaction(async (stores) => {
      const organization = await findOrganization(stores, order.organization);
      const made: NewUserOutcome[] = [];
      for (const [index, user] of order.users.entries())
        made.push(await tryUser(domain, stores, { organization, user, hash: hashes[index], caller, by: actor }));
      const isRefused = made.some(({ kind }) => kind === "refused");
      if (order.dryRun || (order.allOrNothing && isRefused)) throw new TakenBack(made);
      return made;
    }, quotaTurn(order));
    return { outcomes, isKept: true };
  } catch (error) {
    if (error instanceof TakenBack) return { outcomes: error.outcomes, isKept: false };
    throw error;
  }
}

/** Ends a transaction whose work is not wanted. */
class TakenBack extends Error {
  readonly outcomes: NewUserOutcome[];

  constructor(outcomes: NewUserOutcome[]) {
    super("taken back");
    this.outcomes = outcomes;
  }
}

async function hashOf(
  { passwords }: Domain,
  password: string | undefined,
): Promise<string | undefined | HoldfastError> {
  if (password === undefined) return undefined;
  return await passwords.hash(password).catch((error: unknown) => {
    const known = asHoldfastError(error);
    if (known.code !== "password/too-short") throw error;
    return known;
  });
}

interface Attempt {
  readonly organization: OrganizationRow;
  readonly user: NewUser;
  readonly hash: string | undefined | HoldfastError;
  readonly caller: ConsoleCaller | undefined;
  readonly by: AuditActor;
}

/** Refusals come before anything is written, so the rows before and after stand. */
async function tryUser(domain: Domain, stores: RecordStores, attempt: Attempt): Promise<NewUserOutcome> {
  try {
    return { kind: "made", user: await addUser(domain, stores, attempt) };
  } catch (error) {
    if (error instanceof HoldfastError && REFUSALS.has(error.kind)) return { kind: "refused", error };
    throw error;
  }
}

const REFUSALS: ReadonlySet<string> = new Set(["usage", "denied", "missing", "conflict"]);

async function addUser(
  domain: Domain,
  stores: RecordStores,
  { organization, user: wanted, hash, caller, by }: Attempt,
): Promise<AccountRow> {
  checkHasUsers(organization);
  if (hash instanceof HoldfastError) throw hash;
  const name = parsed("name", nameSchema, wanted.name);
  const email = parsed("email", emailSchema, wanted.email.trim());
  const group = await groupFor(stores, { caller, organization: organization.id, id: wanted.group });
  const { kind, limitBytes = null, desktopDevices, serverDevices, installRegion = null, sync = false } = wanted;
  checkUserKind(kind, { desktopDevices, serverDevices });
  checkRegion(organization, installRegion);
  checkSync(organization, group, { kind, sync });
  await checkUserLimit(stores, group, { limitBytes, minimum: 0, kind });
  await checkDevices(stores, group, { desktop: desktopDevices, server: serverDevices });
  if (wanted.isTemporary && organization.subdomain === null)
    throw new HoldfastError("subdomain/needed", {
      reason: "temporary passwords are changed at the first log-in there",
    });
  const user = await addAccount(domain, stores, {
    organization: organization.id,
    role: "user",
    email,
    name,
    password: hash ?? null,
    isPasswordTemporary: hash !== undefined && wanted.isTemporary ? 1 : 0,
    state: hash === undefined ? "inactive" : "active",
    externalId: wanted.externalId ?? null,
    userGroup: group.id,
    kind,
    limitBytes,
    desktopDevices,
    serverDevices,
    installRegion,
    sync: sync ? 1 : 0,
    createdFrom: by.address ?? null,
  });
  const told = { organization: organization.id, account: user.id };
  await audit(domain, stores, { ...by, ...told, action: "users/create", subject: user.login });
  await emit(domain, stores, { ...told, kind: "user.created", detail: { email: user.login, name } });
  if (wanted.sendInstructions)
    await mailInstructions(domain, stores, user, await makeLink(domain, stores, user, "activate"));
  return user;
}

function parsed(field: string, schema: typeof nameSchema | typeof emailSchema, given: string): string {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const reason = `${field}: ${result.error.issues[0]?.message ?? "it does not fit"}`;
  throw new HoldfastError("request/malformed", { reason, field });
}

/** Of the caller's scope; without an id the default one, or the only one that the caller has. Throws `group/missing`. */
export async function groupFor(
  stores: RecordStores,
  { caller, organization, id }: { caller: ConsoleCaller | undefined; organization: string; id: string | undefined },
): Promise<GroupRow> {
  const [only, second] = caller?.scope.groups ?? [];
  const wanted = id ?? (second === undefined ? only : undefined);
  const found = wanted === undefined ? await stores.groups.findDefault(organization) : await stores.groups.find(wanted);
  if (found === undefined || found.organization !== organization) throw new HoldfastError("group/missing");
  return caller === undefined ? found : await getGroup(stores, caller, found.id);
}
