/**
 * `npm run build:console`: the console as files that the service hands out. Run by the install, too (`prepare`): a checkout has its console, and so has a
 * package. Texts are compressed here, once, as small as it goes.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { ROUTES, type Route } from "../protocol/routes.ts";
import { componentStyles } from "./console-styles.ts";

const project = fileURLToPath(new URL("..", import.meta.url));
const source = join(project, "server-mock/console");
const TEXTS = /\.(?:js|css|svg|json)$/;

export async function buildConsole(target: string): Promise<void> {
  // Only who builds needs them; an installation without development packages has been given a built console.
  const [{ build }, { default: react }] = await Promise.all([import("vite"), import("@vitejs/plugin-react")]);
  mkdirSync(target, { recursive: true });
  // The same files wherever they are made: a test's environment would give the libraries' longer versions.
  const { NODE_ENV: before } = process.env;
  process.env.NODE_ENV = "production";
  await build({
    configFile: false,
    root: source,
    logLevel: "warn",
    plugins: [react(), routeTable(), componentStyles(source)],
    build: {
      outDir: target,
      emptyOutDir: true,
      target: "es2023",
      license: { fileName: "NOTICES.md" }, // Of what is bundled, as licences ask for.
      assetsInlineLimit: 0, // Nothing comes as `data:`; the page's policy stays narrow.
      modulePreload: { polyfill: false },
      // React and the components change rarely: what a browser keeps survives our own releases.
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [{ name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }],
          },
        },
      },
    },
  });
  if (before === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = before;
  for (const path of readdirSync(target, { recursive: true, encoding: "utf8" })) {
    if (!TEXTS.test(path)) continue;
    const bytes = readFileSync(join(target, path));
    writeFileSync(join(target, `${path}.gz`), gzipSync(bytes, { level: 9 }));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    writeFileSync(join(target, `${path}.br`), brotliCompressSync(bytes, quality));
  }
}

/** Method and path of every route: all that the console needs of the table when it runs. The schemas check in the service. */
function routeTable() {
  const id = "virtual:routes";
  return {
    name: "route-table",
    resolveId: (asked: string) => (asked === id ? `\0${id}` : undefined),
    load(asked: string) {
      if (asked !== `\0${id}`) return undefined;
      const rows = Object.entries<Route>(ROUTES).filter(
        ([, { audience }]) => audience.includes("console") || audience.includes("none"),
      );
      const table = Object.fromEntries(rows.map(([name, { method, path }]) => [name, [method, path]]));
      return `export const ROUTE_PATHS = ${JSON.stringify(table)};`;
    },
  };
}

if (import.meta.main) {
  const target = process.argv[2] ?? join(project, "dist/console");
  try {
    createRequire(import.meta.url).resolve("vite");
  } catch {
    console.log("console: not built, its build tools are development packages (npm ci installs them)");
    process.exit();
  }
  rmSync(target, { recursive: true, force: true });
  await buildConsole(target);
  const files = readdirSync(target, { recursive: true, encoding: "utf8" }).filter((path) => TEXTS.test(path));
  console.log(`${basename(target)}: ${files.length} files`);
}
