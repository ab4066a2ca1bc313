/**
 * The styles of those components that the console has, instead of all that there are (37 → 24 KiB, compressed). Which need which is read from the
 * library's own imports; their order is the library's.
 */
import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));
const core = join(modules, "@mantine/core");
/** For all pages alike. */
const GROUND = ["baseline", "default-css-variables", "global"];
/** Libraries that bring components of the core along. */
const USERS = ["@mantine/dates", "@mantine/notifications"];

const IMPORT = /import\s*\{([^}]*)\}\s*from\s*["']@mantine\/core["']/g;
const WITHIN = /from\s*["'](\.[^"']+)["']/g;
const PART = /esm\/(?:components|utils)\/([^/]+)/;

export function componentStyles(source: string): Plugin {
  const id = "virtual:component-styles.css";
  return {
    name: "component-styles",
    resolveId: (asked) => (asked === id ? `\0${id}` : undefined),
    load: (asked) => (asked === `\0${id}` ? stylesFor(namesIn(source)) : undefined),
  };
}

/** What is imported by name from the core. */
function namesIn(source: string): Set<string> {
  const ours = globSync("**/*.{ts,tsx}", { cwd: source }).map((path) => join(source, path));
  const theirs = USERS.flatMap((name) =>
    globSync("esm/**/*.mjs", { cwd: join(modules, name) }).map((path) => join(modules, name, path)),
  );
  const names = [...ours, ...theirs].flatMap((path) =>
    Array.from(readFileSync(path, "utf8").matchAll(IMPORT)).flatMap(([, list = ""]) =>
      list.split(",").map((each) => each.trim()),
    ),
  );
  return new Set(names);
}

function stylesFor(names: ReadonlySet<string>): string {
  const all = readFileSync(join(core, "styles.css"), "utf8");
  const parts = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name === undefined || name === "" || parts.has(name)) return;
    const folder = ["components", "utils"].map((kind) => join(core, "esm", kind, name)).find(existsSync);
    if (folder === undefined) return;
    parts.add(name);
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".mjs")) continue;
      parts.add(path.replace(/^.*[\\/]|\.mjs$/g, "")); // A folder's files may have styles of their own.
      for (const [, target = ""] of readFileSync(join(folder, path), "utf8").matchAll(WITHIN))
        add(PART.exec(normalize(join(dirname(join(folder, path)), target)).replaceAll("\\", "/"))?.[1]);
    }
  };
  for (const name of names) add(name);
  return [...GROUND, ...parts]
    .map((name) => join(core, "styles", `${name}.css`))
    .filter(existsSync)
    .map((path) => readFileSync(path, "utf8").trim())
    .sort((a, b) => all.indexOf(a) - all.indexOf(b))
    .join("\n");
}
