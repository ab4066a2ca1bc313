/** zod → JSON Schema 2020-12 as OpenAPI 3.1 has it, with what is named collected in one place. */
import { z } from "zod";
import { namedSchemas } from "./named-schemas.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

const COMPONENTS = "#/components/schemas/";

export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};
  readonly #names = namedSchemas();

  /** Of a message: what may be sent, where defaults may be left out. */
  message(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, "input");
  }

  /** Of one parameter: what it becomes, since all of them are sent as text. */
  parameter(schema: z.ZodType): JsonSchema {
    return this.#convert(schema, "output");
  }

  #convert(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const made = z.toJSONSchema(schema, {
      metadata: this.#names,
      io,
      unrepresentable: "any",
      override: ({ jsonSchema }) => {
        // A format says more than its pattern, and every integer here is one that JSON keeps exactly.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    });
    const { $schema: _, $defs = {}, ...rest } = made;
    for (const [name, definition] of Object.entries($defs)) {
      const { id: __, ...definitionRest } = definition;
      this.components[name] = withReferences(definitionRest);
    }
    return withReferences(rest);
  }
}

function withReferences(schema: object): JsonSchema {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', `"${COMPONENTS}`);
  return JSON.parse(text) as JsonSchema; // It was one before, too.
}
