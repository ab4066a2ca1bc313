/** The OpenAPI 3.1 document: the table of routes, said in the form that tools read. */
import { ERROR_CODES, type ErrorRow } from "../error-codes.ts";
import { type Audience, ROUTES, type Route } from "../routes.ts";
import { VERSION } from "../version.ts";
import { type JsonSchema, JsonSchemas } from "./json-schemas.ts";

const AUDIENCES: Readonly<Record<Exclude<Audience, "none">, string>> = {
  agent: "Given by registration: a machine's own history and records; reads no content.",
  console: "Given by log-in, or an API token: what the account may do within its organization.",
  restore: "Given by a restore session: records and packs of one vault, until it expires.",
};

/** Header parameters and answers that many routes share. */
const SHARED = {
  ifMatch: {
    name: "If-Match",
    in: "header",
    description: "The ETag of the version that is to be changed; another one there is is edit/conflict.",
    schema: { type: "string" },
  },
  idempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description: "8 to 128 visible characters: sent again within a day, the request is done once and answered alike.",
    schema: { type: "string", minLength: 8, maxLength: 128 },
  },
  range: { name: "Range", in: "header", description: "bytes=a-b", schema: { type: "string" } },
} as const;

export type OpenApi = Readonly<Record<string, unknown>> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

export function openApi(): OpenApi {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    paths[route.path] ??= {};
    const path = paths[route.path] ?? {};
    path[route.method.toLowerCase()] = operation(name, route, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdfast",
      version: VERSION,
      description: "Every answer of 400 and above is an Error; its code never changes its meaning.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { ...sorted(schemas.components), Error: errorSchema() },
      responses: errorResponses(),
      parameters: SHARED,
      securitySchemes: {
        ...Object.fromEntries(
          Object.entries(AUDIENCES).map(([name, description]) => [
            name,
            { type: "http", scheme: "bearer", description },
          ]),
        ),
        browser: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-holdfast",
          description:
            "A log-in of the console in a browser; calls that change something must come from the same site.",
        },
      },
    },
  };
}

function operation(name: string, route: Route, schemas: JsonSchemas): Record<string, unknown> {
  const isOpen = route.audience.includes("none");
  const parameters = [
    ...parametersOf(route.params, "path", schemas),
    ...parametersOf(route.query, "query", schemas),
    ...shared(route).map((each) => ({ $ref: `#/components/parameters/${each}` })),
  ];
  return {
    operationId: name,
    tags: [tagOf(route.path)],
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    ...description(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(route, schemas),
    responses: {
      "200": success(route, schemas),
      ...Object.fromEntries(
        errorStatuses(route).map((status) => [String(status), { $ref: `#/components/responses/${status}` }]),
      ),
      default: { $ref: "#/components/responses/Error" },
    },
    security: isOpen ? [] : schemesOf(route).map((scheme) => ({ [scheme]: [] })),
  };
}

const schemesOf = (route: Route): string[] =>
  route.audience.flatMap((audience) => (audience === "console" ? ["console", "browser"] : [audience]));

const shared = (route: Route): (keyof typeof SHARED)[] => [
  ...(route.etag && route.method !== "GET" && route.method !== "POST" ? (["ifMatch"] as const) : []),
  ...(isRepeatable(route) ? (["idempotencyKey"] as const) : []),
  ...(route.bytes === "response" && route.media === undefined ? (["range"] as const) : []),
];

const isRepeatable = (route: Route): boolean =>
  route.method === "POST" && route.audience.includes("console") && route.bytes === undefined;

function description(route: Route): { description?: string } {
  const words = [
    ...(route.needs === undefined ? [] : [`Needs the capability \`${route.needs}\`.`]),
    ...(route.stepUp ? ["Asks for the password again when it was given more than five minutes ago."] : []),
    ...(route.self
      ? ["Only the person itself, at a log-in of its own: no named token, nobody who acts in its name."]
      : []),
    ...(route.etag ? ["The answer carries the row's ETag."] : []),
    ...(route.large ? ["The body may be up to 8 MiB."] : []),
  ];
  return words.length === 0 ? {} : { description: words.join(" ") };
}

function parametersOf(object: Route["query"], place: "path" | "query", schemas: JsonSchemas): object[] {
  return Object.entries(object?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: place,
    required: place === "path" || !schema.safeParse(undefined).success,
    schema: schemas.parameter(schema),
  }));
}

const OCTETS = "application/octet-stream";

function requestBody(route: Route, schemas: JsonSchemas): { requestBody?: object } {
  if (route.bytes === "request") return { requestBody: { required: true, content: { [OCTETS]: {} } } };
  if (route.body === undefined) return {};
  return {
    requestBody: { required: true, content: { "application/json": { schema: schemas.message(route.body) } } },
  };
}

function success(route: Route, schemas: JsonSchemas): object {
  const headers = route.etag ? { ETag: { schema: { type: "string" }, description: "The row's version." } } : undefined;
  const content =
    route.bytes === "response"
      ? { [route.media?.split(";")[0] ?? OCTETS]: {} }
      : { "application/json": { schema: route.response === undefined ? {} : schemas.message(route.response) } };
  return { description: route.summary ?? "Done.", ...(headers && { headers }), content };
}

/** Those that the table itself explains; all others are `default`. */
function errorStatuses(route: Route): number[] {
  const isOpen = route.audience.includes("none");
  return [
    400,
    ...(isOpen ? [] : [401, 403]),
    ...(route.params === undefined ? [] : [404]),
    ...(isRepeatable(route) ? [409] : []),
    ...(route.etag && route.method !== "GET" ? [412] : []),
    ...(isRepeatable(route) ? [422] : []),
    429,
  ];
}

const codes = (): [string, ErrorRow][] => Object.entries(ERROR_CODES);

const errorSchema = (): JsonSchema => ({
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "hint"],
      properties: {
        code: { type: "string", enum: codes().map(([code]) => code) },
        message: { type: "string", description: "What happened, to what." },
        hint: { type: "string", description: "What to do next." },
        data: { type: "object", description: "The values in the message." },
        requestId: { type: "string", description: "As in the service's log." },
      },
    },
  },
});

/** One for each status, with the codes that come with it. */
function errorResponses(): Record<string, object> {
  const content = { "application/json": { schema: { $ref: "#/components/schemas/Error" } } };
  const statuses = [...new Set(codes().map(([, { status }]) => status))].filter((status) => status > 0).sort();
  const said = (status: number) =>
    codes()
      .filter(([, row]) => row.status === status)
      .map(([code, { says }]) => `- \`${code}\`: ${says}`)
      .join("\n");
  return {
    Error: { description: "What went wrong.", content },
    ...Object.fromEntries(statuses.map((status) => [String(status), { description: said(status), content }])),
  };
}

/** `/v1/product-keys/{key}` → `product-keys` */
export const tagOf = (path: string): string =>
  path
    .split("/")
    .filter((part) => part !== "" && part !== "v1")
    .at(0) ?? "service";

const sorted = <Value>(object: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
