/** The API as a page to read: no script, nothing from elsewhere. */
import { sha256 } from "../../base/digest.ts";
import { ERROR_CODES, type ErrorRow } from "../../protocol/error-codes.ts";
import { JsonSchemas } from "../../protocol/openapi/json-schemas.ts";
import { tagOf } from "../../protocol/openapi/openapi.ts";
import { ROUTES, type Route } from "../../protocol/routes.ts";
import { VERSION } from "../../protocol/version.ts";

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d5d9e0,#3a3f4a);--soft:light-dark(#f4f6f9,#1d2027);--text:light-dark(#1c2330,#e6e9ef);
--dim:light-dark(#5a6475,#9aa4b5);--link:light-dark(#0b57a4,#8ab8f0)}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:light-dark(#fff,#14161b);max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.2rem;margin:2.2rem 0 .6rem;text-transform:capitalize}
a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0}
code,pre{font:.88em/1.5 ui-monospace,monospace}pre{overflow:auto;background:var(--soft);padding:.8rem;border-radius:6px;margin:.4rem 0}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0}summary{padding:.5rem .8rem;cursor:pointer}
details>div{padding:0 .8rem .8rem}.method{display:inline-block;min-width:4.2rem;font-weight:600}.dim{color:var(--dim)}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
`;

/** The only style that the page's policy lets in. */
export const STYLE_SOURCE = `'sha256-${sha256(Buffer.from(STYLE)).toString("base64")}'`;

export function apiPage(): string {
  const schemas = new JsonSchemas();
  const routes = Object.entries(ROUTES) as [string, Route][];
  const tags = [...new Set(routes.map(([, { path }]) => tagOf(path)))].sort();
  const links = [...tags, "messages", "errors"].map((tag) => `<li><a href="#about-${tag}">${tag}</a></li>`);
  const sections = tags.map((tag) => {
    const own = routes.filter(([, { path }]) => tagOf(path) === tag);
    return `<h2 id="about-${tag}">${tag}</h2>${own.map(([name, route]) => operation(name, route, schemas)).join("")}`;
  });
  const messages = Object.entries(schemas.components)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, schema]) =>
        `<details id="message-${name}"><summary><code>${name}</code></summary>${shown(schema)}</details>`,
    );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast API</title><style>${STYLE}</style></head>
<body><h1>Holdfast API</h1>
<p class="dim">Version ${VERSION}. For tools: <a href="/v1/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Sections"><ul>${links.join("")}</ul></nav>
<main>${sections.join("")}
<h2 id="about-messages">Messages</h2>${messages.join("")}
<h2 id="about-errors">Errors</h2>${errors()}</main></body></html>
`;
}

function operation(name: string, route: Route, schemas: JsonSchemas): string {
  const facts = [
    route.audience.includes("none") ? "needs no log-in" : `token: ${route.audience.join(" or ")}`,
    ...(route.needs === undefined ? [] : [`needs ${route.needs}`]),
    ...(route.stepUp ? ["asks for the password again"] : []),
    ...(route.etag ? ["ETag"] : []),
  ];
  const parts = [
    ...parameters("Path", route.params, schemas),
    ...parameters("Query", route.query, schemas),
    ...(route.body === undefined ? [] : [`<h3>Body</h3>${shown(schemas.message(route.body))}`]),
    ...(route.bytes === "request" ? ["<p>Body: bytes.</p>"] : []),
    route.response === undefined
      ? `<p>Answer: ${text(route.media ?? "bytes")}.</p>`
      : `<h3>Answer</h3>${shown(schemas.message(route.response))}`,
  ];
  return `<details id="${name}"><summary><span class="method">${route.method}</span> <code>${text(route.path)}</code> ${text(route.summary ?? "")}
</summary><div><p class="dim">${text(facts.join(" · "))}</p>${parts.join("")}</div></details>`;
}

function parameters(title: string, object: Route["query"], schemas: JsonSchemas): string[] {
  const rows = Object.entries(object?.shape ?? {}).map(([name, schema]) => {
    const need = title === "Path" || !schema.safeParse(undefined).success ? "required" : "";
    const says = JSON.stringify(schemas.parameter(schema));
    return `<tr><td><code>${text(name)}</code></td><td>${need}</td><td><code>${text(says)}</code></td></tr>`;
  });
  return rows.length === 0 ? [] : [`<h3>${title}</h3><table>${rows.join("")}</table>`];
}

/** With links to the messages that are named. */
const shown = (schema: object): string =>
  `<pre>${text(JSON.stringify(schema, null, 2)).replace(
    /&quot;#\/components\/schemas\/(\w+)&quot;/g,
    '<a href="#message-$1">$1</a>',
  )}</pre>`;

function errors(): string {
  const rows = Object.entries<ErrorRow>(ERROR_CODES)
    .filter(([, { status }]) => status > 0)
    .map(
      ([code, row]) =>
        `<tr><td><code>${code}</code></td><td>${row.status}</td><td>${text(row.says.replaceAll(/:(size|limit)\}/g, "}"))}</td><td>${text(row.hint)}</td></tr>`,
    );
  return `<table><tr><th>Code</th><th>Status</th><th>What happened</th><th>What to do</th></tr>${rows.join("")}</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const text = (raw: string): string => raw.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
