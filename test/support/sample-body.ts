/** Messages made from a route's own schemas: the least that is valid, and where in it ids stand. */
import { z } from "zod";
import { ROUTES, type Route, type RouteName } from "../../protocol/routes.ts";

/** As far as it is looked at here. */
interface JsonSchema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly contentEncoding?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
}

type Part = "params" | "query" | "body";

/** Where an id stands in a call; `[]` is any place of an array. */
export interface IdPlace {
  readonly part: Part | "file";
  readonly path: readonly string[];
  /** Of the member: `machine`, `groups`. */
  readonly name: string;
}

const schemaOf = (route: Route, part: Part): JsonSchema | undefined => {
  const schema = route[part];
  return schema === undefined
    ? undefined
    : (z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema); // Looked at with care below.
};

/** All members that are called like an id, or look like one. */
export function idPlaces(name: RouteName, isId: (member: string) => boolean): IdPlace[] {
  const route: Route = ROUTES[name];
  const places: IdPlace[] = [];
  const visit = (schema: JsonSchema | undefined, part: Part, path: readonly string[], member: string): void => {
    if (schema === undefined) return;
    const isText = schema.type === "string" || schema.type === undefined;
    const looksLikeId = schema.format === "uuid" || /\{32\}|\{64\}/.test(schema.pattern ?? "");
    if (path.length > 0 && schema.enum === undefined && (looksLikeId || (isText && isId(member))))
      if (!places.some((place) => place.part === part && place.path.join() === path.join()) && isLeaf(schema))
        places.push({ part, path, name: member });
    for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(option, part, path, member);
    for (const [key, value] of Object.entries(schema.properties ?? {})) visit(value, part, [...path, key], key);
    visit(schema.items, part, [...path, "[]"], member);
  };
  for (const part of ["params", "query", "body"] as const) visit(schemaOf(route, part), part, [], "");
  return places;
}

const isLeaf = ({ properties, items, anyOf, oneOf }: JsonSchema): boolean =>
  properties === undefined && items === undefined && anyOf === undefined && oneOf === undefined;

/** The least valid message, with `forced` in its place and ids by their members' names. */
export function sample(
  name: RouteName,
  part: Part,
  { idFor, forced }: { idFor: (member: string) => unknown; forced?: { path: readonly string[]; value: unknown } },
): unknown {
  const schema = schemaOf(ROUTES[name], part);
  if (schema === undefined) return undefined;
  return value(schema, forced?.path, "");

  function value(of: JsonSchema, path: readonly string[] | undefined, member: string): unknown {
    if (path?.length === 0) return forced?.value;
    if (of.const !== undefined) return of.const;
    if (of.enum !== undefined) return of.enum[0];
    const options = of.anyOf ?? of.oneOf;
    if (options !== undefined) {
      const fits = (option: JsonSchema) => (path === undefined ? true : leadsTo(option, path));
      const chosen = options.find((option) => option.type !== "null" && fits(option)) ?? options[0];
      return chosen === undefined ? null : value(chosen, path, member);
    }
    switch (of.type) {
      case "object": {
        const { properties = {}, required = [] } = of;
        const wanted = new Set(path?.[0] === undefined ? required : [...required, path[0]]);
        const members = Object.entries(properties).filter(([key]) => wanted.has(key));
        return Object.fromEntries(
          members.map(([key, each]) => [key, value(each, path?.[0] === key ? path.slice(1) : undefined, key)]),
        );
      }
      case "array": {
        const count = Math.max(of.minItems ?? 0, path === undefined ? 0 : 1);
        return Array.from({ length: count }, () =>
          of.items === undefined ? null : value(of.items, path?.slice(1), member),
        );
      }
      case "string":
        return text(of, member);
      case "number":
      case "integer":
        return Math.max(of.minimum ?? 1, 1);
      case "boolean":
        return true;
      default:
        return null;
    }
  }

  function text(of: JsonSchema, member: string): unknown {
    const id = idFor(member);
    if (id !== undefined) return id;
    if (of.format === "email") return "somebody@sample.example";
    if (of.format === "date-time") return "2026-11-01T00:00:00.000Z";
    if (of.format === "uuid") return "00000000-0000-7000-8000-000000000000";
    if (of.format === "uri") return "https://sample.example/";
    if (of.contentEncoding === "base64") return Buffer.alloc(32).toString("base64");
    const [, digits] = /\{(32|64)\}/.exec(of.pattern ?? "") ?? [];
    if (digits !== undefined) return "0".repeat(Number(digits));
    if (/\[01\]\\d\|2/.test(of.pattern ?? "")) return "06:00";
    return "sample-text".padEnd(of.minLength ?? 0, "x");
  }
}

const leadsTo = (of: JsonSchema, [first]: readonly string[]): boolean =>
  first === undefined
    ? isLeaf(of)
    : first === "[]"
      ? of.items !== undefined
      : (of.properties?.[first] ?? undefined) !== undefined;
