/** Makes docs/api.md from the table of routes. */
import { tagOf } from "../protocol/openapi/openapi.ts";
import { ROUTES, type Route } from "../protocol/routes.ts";

export const API_DOCS = new URL("../docs/api.md", import.meta.url);

export function apiDocs(): string {
  const routes = Object.values(ROUTES) as Route[];
  const tags = [...new Set(routes.map(({ path }) => tagOf(path)))].sort();
  return [
    "# API",
    "",
    "<!-- Made from protocol/routes/ by `npm run docs`; don't edit. -->",
    "",
    "Every route, by what it is about. A running service shows each with its messages at `/v1/docs`, for tools at `/v1/openapi.json`;",
    "what they mean together stands in [protocol.md](protocol.md), every error in [errors.md](errors.md).",
    ...tags.flatMap((tag) => [
      "",
      `## ${tag}`,
      "",
      "| route | who | needs | does |",
      "|---|---|---|---|",
      ...routes.filter(({ path }) => tagOf(path) === tag).map(line),
    ]),
    "",
  ].join("\n");
}

const line = ({ method, path, audience, needs, stepUp, etag, summary = "" }: Route): string => {
  const who = audience.includes("none") ? "anybody" : audience.join(", ");
  const more = [...(stepUp ? ["password again"] : []), ...(etag ? ["ETag"] : [])];
  const does = more.length === 0 ? summary : `${summary} (${more.join(", ")})`;
  return `| ${method} \`${path}\` | ${who} | ${needs ?? ""} | ${does.replaceAll("|", "\\|")} |`;
};
