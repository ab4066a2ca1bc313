/**
 * Whatever anybody sends to any route, the service answers with a status and a code of its own and never breaks: calls of every shape that the
 * schemas let in, with ids that exist, and some that they don't.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isErrorCode } from "../../protocol/errors.ts";
import { JsonSchemas } from "../../protocol/openapi/json-schemas.ts";
import { ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";
import { addAccount } from "../../server-mock/domain/people/new-account.ts";
import { anyJson } from "../support/any-json.ts";
import { registerMachine } from "../support/test-machine.ts";
import { startTestService, type TestService } from "../support/test-service.ts";

const RUNS_PER_ROUTE = 4;
const ORDER = ["GET", "POST", "PATCH", "PUT", "DELETE"];

test("every route survives whatever its schemas let in, and whatever they don't", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const ids = await idsOf(service, machine.id);
  const schemas = new JsonSchemas();
  const routes = (Object.entries(ROUTES) as [RouteName, Route][])
    .filter(([, { bytes }]) => bytes !== "request")
    // What takes things away comes last.
    .toSorted(([, a], [, b]) => ORDER.indexOf(a.method) - ORDER.indexOf(b.method));
  const broken: string[] = [];
  const seen = new Map<number, number>();
  const tokens = new Tokens(service, await peopleOf(service), machine.token);
  for (const [name, route] of routes) {
    for (const call of callsOf(route, schemas, ids)) {
      const token = await tokens.for(route);
      const answer = await service.call(name, { token, ...call });
      if (answer.status === 401) tokens.forget();
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      const isOurs = answer.status < 400 || isErrorCode(String(answer.code));
      // What can't be reached is none of a call's doing; anything else of 500 and above is a mistake.
      if (!isOurs || (answer.status >= 500 && answer.code !== "storage/failed"))
        broken.push(`${name} ${JSON.stringify(call)}: ${answer.status} ${answer.bytes.toString().slice(0, 200)}`);
    }
  }
  expect(broken).toEqual([]);
  // They got past the door.
  expect(seen.get(401) ?? 0).toBeLessThan((seen.get(200) ?? 0) / 2);
  expect((await service.call("ready")).status).toBe(200);
});

interface AnyCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The same ones each time. */
function callsOf(route: Route, schemas: JsonSchemas, ids: readonly string[]): AnyCall[] {
  const options = { components: schemas.components, ids };
  const { params = undefined, query = undefined, body } = route;
  const texts = (object: Route["query"]) =>
    fc.record(
      Object.fromEntries(
        Object.entries(object?.shape ?? {}).map(([name, schema]) => [
          name,
          anyJson(schemas.parameter(schema), options).map((value) => String(value)),
        ]),
      ),
      ...(object === params ? [] : [{ requiredKeys: [] as string[] }]),
    );
  const bodyJson = body === undefined ? undefined : schemas.message(body);
  const whole = fc.record({
    params: texts(params).map((each) => encoded(each)),
    query: texts(query),
    ...(bodyJson === undefined
      ? {}
      : {
          body: fc.oneof(
            { weight: 5, arbitrary: anyJson(bodyJson, options) },
            { weight: 1, arbitrary: fc.jsonValue() },
          ),
        }),
  });
  return fc.sample(whole, { numRuns: RUNS_PER_ROUTE, seed: 7 }) as AnyCall[]; // Of the record just made.
}

const encoded = (params: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, encodeURIComponent(value) || "-"]));

/** An admin and a top-level admin, who take turns. */
async function peopleOf(service: TestService): Promise<readonly { email: string; password: string }[]> {
  const { domain } = service.service;
  const owner = { email: "owner@example.com", password: "correct horse battery" };
  const password = await domain.passwords.hash(owner.password);
  await domain.records.transaction(async (stores) => {
    await addAccount(domain, stores, { organization: null, role: "owner", email: owner.email, name: "", password });
  });
  return [service.first.admin, owner];
}

class Tokens {
  readonly #service: TestService;
  readonly #people: readonly { email: string; password: string }[];
  readonly #agent: string;
  #calls = 0;
  #held: (string | undefined)[] = [];

  constructor(service: TestService, people: readonly { email: string; password: string }[], agent: string) {
    this.#service = service;
    this.#people = people;
    this.#agent = agent;
  }

  async for(route: Route): Promise<string | undefined> {
    if (route.audience.includes("agent")) return this.#agent;
    if (!route.audience.includes("console")) return undefined;
    const who = this.#calls++ % this.#people.length;
    this.#held[who] ??= await this.#logIn(who);
    return this.#held[who];
  }

  /** The call before has ended it, or used it up. */
  forget(): void {
    this.#held = [];
  }

  async #logIn(who: number): Promise<string | undefined> {
    const { json } = await this.#service.call("login", { body: this.#people[who] });
    if (json.token !== undefined) return json.token;
    // Calls before were taken for guesses.
    this.#service.clock.advance(3600 * 1000);
    return (await this.#service.call("login", { body: this.#people[who] })).json.token;
  }
}

async function idsOf(service: TestService, machine: string): Promise<string[]> {
  const token = await service.logIn("admin");
  const lists = ["listUsers", "listProductKeys", "listGroups"] as const;
  const found: string[] = [machine];
  for (const name of lists) for (const { id } of (await service.call(name, { token })).json.items) found.push(id);
  return found;
}
