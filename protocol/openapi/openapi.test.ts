import { expect, test } from "vitest";
import { ERROR_CODES } from "../error-codes.ts";
import { ROUTES, type Route } from "../routes.ts";
import { openApi } from "./openapi.ts";

const document = openApi();
const routes = Object.entries(ROUTES) as [string, Route][];

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
  readonly security: readonly Record<string, unknown>[];
}

const operationOf = (route: Route) => document.paths[route.path]?.[route.method.toLowerCase()] as Operation;

test("every route is there, with its parameters, body, audiences and errors", () => {
  for (const [name, route] of routes) {
    const operation = operationOf(route);
    expect(operation.operationId).toBe(name);
    const inPath = operation.parameters?.filter((each) => each.in === "path").map((each) => each.name) ?? [];
    expect(inPath).toEqual(Object.keys(route.params?.shape ?? {}));
    const inQuery = operation.parameters?.filter((each) => each.in === "query").map((each) => each.name) ?? [];
    expect(inQuery).toEqual(Object.keys(route.query?.shape ?? {}));
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined || route.bytes === "request");
    const audiences = route.audience.includes("none") ? [] : route.audience;
    const schemes = operation.security.flatMap((each) => Object.keys(each));
    expect(schemes.filter((scheme) => scheme !== "browser")).toEqual(audiences);
    expect(schemes.includes("browser")).toBe(schemes.includes("console"));
    expect(Object.keys(operation.responses)).toContain("default");
  }
  const count = Object.values(document.paths).flatMap((path) => Object.keys(path)).length;
  expect(count).toBe(routes.length);
});

test("a path's parameters are those of its schema", () => {
  for (const [name, { path, params }] of routes)
    expect(
      Array.from(path.matchAll(/\{(\w+)\}/g), ([, each]) => each),
      name,
    ).toEqual(Object.keys(params?.shape ?? {}));
});

test("every route says in a line what it does", () => {
  expect(routes.filter(([, { summary }]) => summary === undefined).map(([name]) => name)).toEqual([]);
});

test("every error code is there", () => {
  const text = JSON.stringify(document.components);
  for (const code of Object.keys(ERROR_CODES)) expect(text).toContain(`"${code}"`);
});

test("every reference leads somewhere, and nothing is left of zod's own places", () => {
  const text = JSON.stringify(document);
  expect(text).not.toContain("$defs");
  const references = Array.from(text.matchAll(/"\$ref":"#\/([^"]+)"/g), ([, path]) => path ?? "");
  expect(references.length).toBeGreaterThan(50);
  const resolve = (path: string) =>
    path.split("/").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
  expect([...new Set(references)].filter((path) => resolve(path) === undefined)).toEqual([]);
});

test("operations are named once, and it is JSON through and through", () => {
  const names = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((each) => (each as Operation).operationId),
  );
  expect(new Set(names).size).toBe(names.length);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

test("what is left out of a query needs no value, what has none is required", () => {
  const limit = operationOf(ROUTES.listMachines).parameters?.find((each) => each.name === "limit");
  expect(limit).toMatchObject({ required: false, schema: { type: "integer", minimum: 1, maximum: 500 } });
  const scope = operationOf(ROUTES.listChunks).parameters?.find((each) => each.name === "scope");
  expect(scope).toMatchObject({ required: true, schema: { enum: ["staged", "all"] } });
});
