/** Organizations of a test service, as a top-level admin makes them, and what their people get by mail. */
import { logInAs, makeOwner, type Person } from "./logged-in.ts";
import type { Answered, TestService } from "./test-service.ts";

export const GB = 1_000_000_000;

export interface TestOrganization {
  readonly id: string;
  readonly owner: Person;
  readonly admin: Person;
  /** Id of its default group. */
  readonly group: string;
}

export async function makeOrganization(
  service: TestService,
  { name = "acme", owner, ...more }: { name?: string; owner?: Person } & Record<string, unknown> = {},
): Promise<TestOrganization> {
  const by = owner ?? (await makeOwner(service));
  const admin = { email: `chief@${name}.example`, name: "Chief", password: "chief password" };
  const made = await service.call("createOrganization", { token: by.token, body: { name, admin, ...more } });
  if (made.status !== 200) throw new Error(`an organization: ${JSON.stringify(made.json)}`);
  const group = await service.service.domain.records.groups.findDefault(made.json.id);
  const person = await logInAs(service, admin.email, admin.password);
  return { id: made.json.id, owner: by, admin: person, group: group?.id ?? "" };
}

/** With a password, so it is active. */
export async function makeUser(
  service: TestService,
  token: string,
  { email = "ann@acme.example", ...more }: { email?: string } & Record<string, unknown> = {},
): Promise<{ id: string; email: string; password: string }> {
  const password = "user password";
  const made = await service.call("createUser", { token, body: { email, name: "Ann", password, ...more } });
  if (made.status !== 200) throw new Error(`a user: ${JSON.stringify(made.json)}`);
  return { id: made.json.id, email, password };
}

export async function makeGroup(service: TestService, token: string, body: Record<string, unknown>): Promise<string> {
  const made = await service.call("createGroup", { token, body });
  if (made.status !== 200) throw new Error(`a group: ${JSON.stringify(made.json)}`);
  return made.json.id;
}

/** What was mailed to an address, newest first. */
export async function mailsTo(service: TestService, recipient: string) {
  const { mails } = service.service.domain.records;
  return (await mails.list({ limit: 100 }, {})).filter((mail) => mail.recipient === recipient);
}

/** The secret of the link in the newest mail to an address. */
export async function newestSecret(service: TestService, recipient: string): Promise<string> {
  const [mail] = await mailsTo(service, recipient);
  return /#([\w-]{43})/.exec(mail?.text ?? "")?.[1] ?? "no link";
}

/** What a refusal says: status, code, and its data. */
export const refusal = ({ status, code, json }: Answered) => [status, code, json.error?.data];
