/** Arbitrary values that a JSON Schema (as protocol/openapi makes them) lets in: far enough to reach the rules behind the parser. */
import fc from "fast-check";

type Schema = Readonly<Record<string, unknown>>;

export interface AnyJsonOptions {
  /** For `$ref`. */
  readonly components: Readonly<Record<string, unknown>>;
  /** Ids that exist, which are more telling than any. */
  readonly ids: readonly string[];
}

export function anyJson(schema: Schema, options: AnyJsonOptions): fc.Arbitrary<unknown> {
  const { $ref, enum: values, const: only, anyOf, oneOf, allOf } = schema;
  if (typeof $ref === "string") return anyJson(asSchema(options.components[$ref.split("/").at(-1) ?? ""]), options);
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(values)) return fc.constantFrom(...values);
  const choices = [anyOf, oneOf].find(Array.isArray);
  if (choices !== undefined) return fc.oneof(...choices.map((each) => anyJson(asSchema(each), options)));
  if (Array.isArray(allOf)) return anyJson(asSchema(allOf[0]), options);
  const types = [schema.type].flat();
  return types.length === 0 || types[0] === undefined
    ? fc.jsonValue({ maxDepth: 2 })
    : fc.oneof(...types.map((type) => anyOfType(String(type), schema, options)));
}

function anyOfType(type: string, schema: Schema, options: AnyJsonOptions): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return anyText(schema, options);
    case "integer":
    case "number":
      return anyNumber(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(anyJson(asSchema(schema.items), options), {
        minLength: numberOf(schema.minItems, 0),
        maxLength: Math.min(numberOf(schema.maxItems, 3), numberOf(schema.minItems, 0) + 3),
      });
    default:
      return anyObject(schema, options);
  }
}

function anyText(schema: Schema, { ids }: AnyJsonOptions): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  const known = ids.length === 0 ? fc.uuid() : fc.constantFrom(...ids);
  if (format === "uuid") return fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: fc.uuid() });
  if (format === "email") return fc.nat(50).map((number) => `any${number}@example.com`);
  if (format === "date-time") return anyInstant.map((date) => date.toISOString());
  if (format === "date") return anyInstant.map((date) => date.toISOString().slice(0, 10));
  if (typeof pattern === "string") return fc.oneof(known, fc.stringMatching(new RegExp(pattern)));
  const maxLength = Math.min(numberOf(schema.maxLength, 40), 40);
  const minLength = Math.min(numberOf(schema.minLength, 0), 200);
  const limits = { minLength, maxLength: Math.max(minLength, maxLength) };
  return fc.oneof(
    fc.string(limits),
    fc.string({ ...limits, unit: "binary" }),
    fc.constantFrom("", "10GB", "%", "'\"<>", "x".repeat(30)),
  );
}

const anyInstant = fc.date({ min: new Date("1970-01-02"), max: new Date("2100-01-01"), noInvalidDate: true });

function anyNumber(schema: Schema): fc.Arbitrary<number> {
  const min = numberOf(schema.minimum, 0);
  const max = Math.max(min, numberOf(schema.maximum, Number.MAX_SAFE_INTEGER));
  return fc.oneof(
    fc.integer({ min, max: Math.min(max, min + 20) }),
    fc.maxSafeInteger().map((number) => Math.min(max, Math.max(min, number))),
  );
}

function anyObject(schema: Schema, options: AnyJsonOptions): fc.Arbitrary<unknown> {
  const properties = Object.entries(asSchema(schema.properties ?? {}));
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
  const members = Object.fromEntries(properties.map(([name, each]) => [name, anyJson(asSchema(each), options)]));
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) });
}

const asSchema = (value: unknown): Schema => (typeof value === "object" && value !== null ? (value as Schema) : {});

const numberOf = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
