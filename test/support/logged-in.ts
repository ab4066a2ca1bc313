/** People of a test service, logged in. */
import { TOTP } from "otpauth";
import type { Capability } from "../../protocol/capabilities.ts";
import { addAccount } from "../../server-mock/domain/people/new-account.ts";
import type { TestService } from "./test-service.ts";

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

export async function logInAs(service: TestService, email: string, password: string): Promise<Person> {
  const { json, status } = await service.call("login", { body: { email, password } });
  if (status !== 200) throw new Error(`log-in of ${email}: ${JSON.stringify(json)}`);
  return { id: json.account.id, email, password, token: json.token };
}

/** A top-level admin. */
export async function makeOwner(service: TestService, email = "owner@example.com"): Promise<Person> {
  const { domain } = service.service;
  const password = await domain.passwords.hash("owner password");
  const fields = { organization: null, role: "owner", email, name: "Owner", password } as const;
  await domain.records.transaction((stores) => addAccount(domain, stores, fields));
  return await logInAs(service, email, "owner password");
}

/** An admin of `by`'s organization, with all rights unless a role is named. */
export async function makeAdmin(
  service: TestService,
  by: string,
  { email = "second@example.com", role = null }: { email?: string; role?: string | null } = {},
): Promise<Person> {
  const body = { email, name: email, password: "admin password", role };
  const made = await service.call("createAdmin", { token: by, body });
  if (made.status !== 200) throw new Error(`an admin: ${JSON.stringify(made.json)}`);
  return await logInAs(service, email, "admin password");
}

export async function makeRole(
  service: TestService,
  by: string,
  {
    name = "Helper",
    capabilities,
    groups = null,
  }: { name?: string; capabilities: Capability[]; groups?: string[] | null },
): Promise<string> {
  const made = await service.call("createRole", { token: by, body: { name, capabilities, groups } });
  if (made.status !== 200) throw new Error(`a role: ${JSON.stringify(made.json)}`);
  return made.json.id;
}

/** What an authenticator app shows at the service's time. */
export const codeOf = (service: TestService, uri: string): string => {
  const label = new URL(uri).searchParams.get("secret") ?? "";
  return new TOTP({ secret: label, digits: 6, period: 30 }).generate({ timestamp: service.clock.now() });
};

/** Sets a second factor up; answers the app's URI and the recovery codes. */
export async function enrol(service: TestService, token: string): Promise<{ uri: string; recoveryCodes: string[] }> {
  const { json } = await service.call("enrolSecondFactor", { token });
  const confirmed = await service.call("confirmSecondFactor", { token, body: { code: codeOf(service, json.uri) } });
  if (confirmed.status !== 200) throw new Error(`a second factor: ${JSON.stringify(confirmed.json)}`);
  return { uri: json.uri, recoveryCodes: confirmed.json.recoveryCodes };
}
