/** The first organization of a new service: an admin, a user, and a product key of each kind. */
import type { Random } from "../base/random.ts";

import type { Domain } from "./domain/domain.ts";
import { createOrganization } from "./domain/people/organizations.ts";
import { createUser } from "./domain/people/users.ts";
import { createProductKeys } from "./domain/product-keys/product-keys.ts";

const ACTOR = { actor: "holdfast-server init" };
const DEVICES = 10;

/** Shown once; the service itself keeps only hashes. */
export interface FirstCredentials {
  readonly organization: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly user: { readonly email: string; readonly password: string };
  /** For one machine of each kind. */
  readonly productKeys: { readonly desktop: string; readonly server: string };
}

export interface FirstNames {
  readonly organization?: string | undefined;
  readonly adminEmail?: string | undefined;
  readonly userEmail?: string | undefined;
}

/** undefined when there is an organization already. */
export async function ensureFirstOrganization(
  { domain }: { domain: Domain },
  names: FirstNames = {},
): Promise<FirstCredentials | undefined> {
  if ((await domain.records.organizations.count()) > 0) return undefined;
  const { organization = "Home", adminEmail = "admin@holdfast.example", userEmail = "user@holdfast.example" } = names;
  const admin = { email: adminEmail, password: makePassword(domain.random) };
  const user = { email: userEmail, password: makePassword(domain.random) };
  const named = { name: organization, edition: "pro", subdomain: null } as const;
  const wanted = { ...named, limitBytes: null, overageBytes: 0, settings: {}, admin: { ...admin, name: "Admin" } };
  const { organization: made } = await createOrganization(domain, wanted, ACTOR);
  const limits = { kind: null, limitBytes: null, desktopDevices: DEVICES, serverDevices: DEVICES };
  const owner = await createUser(domain, made.id, { ...user, name: "User", ...limits }, ACTOR);
  const key = async (kind: "desktop" | "server") => {
    const [first] = await createProductKeys(
      domain,
      { owner: { user: owner }, organization: made.id, kind, count: 1 },
      ACTOR,
    );
    return first?.productKey ?? "";
  };
  return { organization, admin, user, productKeys: { desktop: await key("desktop"), server: await key("server") } };
}

/** Four groups of five letters and digits that can't be mistaken for one another: about 100 bits. */
export function makePassword(random: Random): string {
  const alphabet = "abcdefghjkmnpqrstvwxyz23456789";
  let text = "";
  while (text.length < 20)
    for (const byte of random(40)) if (byte < 240 && text.length < 20) text += alphabet[byte % alphabet.length];
  return (text.match(/.{5}/g) ?? []).join("-");
}
