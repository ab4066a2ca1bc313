/** Edits of rows with a version can be conditional: the table says so, and the handler looks at it. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { ROUTES, type Route } from "../../protocol/routes.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const handlers = globSync("server-mock/routes/*.ts", { cwd: project })
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => readFileSync(`${project}/${path}`, "utf8"))
  .join("\n");
const edits = (Object.entries(ROUTES) as [string, Route][]).filter(
  ([, { method, audience }]) => ["PATCH", "PUT", "DELETE"].includes(method) && audience.includes("console"),
);

test("whoever changes a row that is answered with its version can say which version was seen", () => {
  const without = edits.filter(
    ([, { method, response, etag }]) =>
      method !== "DELETE" && response instanceof z.ZodObject && "version" in response.shape && !etag,
  );
  expect(without.map(([name]) => name)).toEqual([]);
});

test("every handler of such a route looks at If-Match", () => {
  const blind = edits.filter(([name, { etag }]) => {
    const [, text = ""] =
      new RegExp(`^    (?:async )?${name}(?::|\\()([\\s\\S]*?)(?=^    \\w|^  \\})`, "m").exec(handlers) ?? [];
    return etag && !text.includes("ifMatch");
  });
  expect(blind.map(([name]) => name)).toEqual([]);
});
