/** Users, groups and machines of a test service, made through its routes. */
import { machineFacts, makeVault, TestMachine, vaultPublic } from "./test-machine.ts";
import type { TestService } from "./test-service.ts";

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

export async function addUser(
  service: TestService,
  token: string,
  name: string,
  more: Record<string, unknown> = {},
): Promise<TestUser> {
  const login = { email: `${name}@example.com`, password: `password of ${name}` };
  const body = { name, ...login, desktopDevices: 5, serverDevices: 5, ...more };
  const { status, json } = await service.call("createUser", { token, body });
  if (status !== 200) throw new Error(`user ${name}: ${JSON.stringify(json)}`);
  return { id: json.id, ...login };
}

export async function addGroup(
  service: TestService,
  token: string,
  name: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { status, json } = await service.call("createGroup", { token, body: { name, ...more } });
  if (status !== 200) throw new Error(`group ${name}: ${JSON.stringify(json)}`);
  return json.id;
}

/** Registers a machine by its user's log-in. */
export async function addMachine(
  service: TestService,
  user: Pick<TestUser, "email" | "password">,
  facts: object = {},
): Promise<TestMachine> {
  const vault = makeVault();
  const login = { email: user.email, password: user.password };
  const body = { login, machine: machineFacts({ ...facts }), vault: await vaultPublic(service, vault) };
  const { status, json } = await service.call("register", { body });
  if (status !== 200) throw new Error(`registration: ${JSON.stringify(json)}`);
  return new TestMachine(service, vault, json);
}
