/**
 * `npm run build`: what is installed. The programs and the threads they start, each bundled with what it needs, so that a command reads a few
 * files instead of hundreds (decision 0010). Nothing is shortened or renamed: a stack still names our functions.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { buildConsole } from "./console.ts";

/** File in dist/ → its source. All lie side by side: a thread's program is found beside whoever starts it. */
export const ENTRIES: Readonly<Record<string, string>> = {
  holdfast: "cli/begin.ts",
  "holdfast-server": "server-mock/begin.ts",
  "read-worker": "agent/backup/read-worker.ts",
  "restore-worker": "agent/restore/restore-worker.ts",
  "check-worker": "agent/vault/check-worker.ts",
  "watch-worker": "agent/watch/watch-worker.ts",
};
const PROGRAMS: readonly string[] = ["holdfast", "holdfast-server"];

const project = fileURLToPath(new URL("..", import.meta.url));

export async function build(target: string): Promise<readonly OutputChunk[]> {
  for (const source of Object.values(ENTRIES))
    if (!existsSync(join(project, source))) throw new Error(`scripts/build.ts lists ${source}, which is not there`);
  const threads = new Set<string>();
  const bundle = await rolldown({
    cwd: project,
    input: { ...ENTRIES },
    platform: "node",
    // Native, and optional: found beside the package, if it is there.
    external: ["@napi-rs/keyring"],
    plugins: [lazyBuiltins, threadFiles(threads)],
    // What may be wrong is wrong: nobody reads warnings of a build.
    onLog: (level, { code, message }) => {
      if (level === "warn" && !EXPECTED.has(code ?? "")) throw new Error(`${code}: ${message}`);
    },
  });
  const { output } = await bundle.generate({
    format: "esm",
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  const unused = Object.keys(ENTRIES).filter((name) => !PROGRAMS.includes(name) && !threads.has(name));
  if (unused.length > 0) throw new Error(`scripts/build.ts lists threads that nobody starts: ${unused.join(", ")}`);
  const chunks = output.filter((each) => each.type === "chunk");
  for (const { fileName, imports } of chunks)
    if (imports.some(isBuiltin)) throw new Error(`${fileName} imports ${imports.filter(isBuiltin)}: see lazyBuiltins`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const { fileName, code } of chunks) writeFileSync(join(target, fileName), code);
  writeFileSync(join(target, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(target, "NOTICES.txt"), notices(chunks));
  return chunks;
}

/** Libraries do what bundlers warn of, and know why. */
export const EXPECTED: ReadonlySet<string> = new Set(["EVAL", "CIRCULAR_DEPENDENCY"]);

/**
 * An `import` of a built-in module makes Node evaluate all that it offers: `fetch` and its web sockets with node:http (40 ms and 16 MiB),
 * streams with node:fs, threads with node:util (Node 26.10). Here only what is used is asked for.
 */
export const lazyBuiltins: Plugin = {
  name: "lazy-builtins",
  transform: (code, id) => {
    const asked = askLazily(code);
    return id.endsWith("/commander/lib/command.js") ? withoutChildProcess(asked) : asked;
  },
};

export const askLazily = (code: string): string =>
  code.replace(BUILTIN_IMPORT, (statement, whole?: string, some?: string, name = "") =>
    isBuiltin(name) ? [whole, namesOf(some)].map((what) => askedFor(name, what)).join(" ") : statement,
  );

const BUILTIN_IMPORT =
  /^import\s+(?!type\b)(?:\*\s+as\s+)?([\w$]+)?\s*,?\s*(?:\{([^}]*)\})?\s+from\s+["']([\w:/]+)["'];?/gm;

const askedFor = (name: string, what: string | undefined): string =>
  what ? `const ${what} = globalThis.process.getBuiltinModule("${name}");` : "";

/** `{ type A, b, c as d, type as e }` → `{ b, c: d, type: e }`; empty when all are types. */
function namesOf(list = ""): string {
  const values = list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && !/^type\s+(?!as\s)/.test(each));
  return values.length === 0 ? "" : `{ ${values.map((each) => each.replace(/\s+as\s+/, ": ")).join(", ")} }`;
}

/** It is for commands in files of their own, which we have none of. */
function withoutChildProcess(code: string): string {
  const parts = code.split('const childProcess = globalThis.process.getBuiltinModule("node:child_process");');
  if (parts.length !== 2) throw new Error("commander imports node:child_process in another way than it did");
  return parts.join("").replaceAll("childProcess.", 'process.getBuiltinModule("node:child_process").');
}

/** Which file a thread runs is said in sources as `import.meta.url.endsWith(".ts") ? "./x.ts" : "./x.js"`; bundled, all lie side by side. */
export const THREAD = /import\.meta\.url\.endsWith\("\.ts"\) \? "(\.[\w./-]+)\.ts" : "\1\.js"/g;

function threadFiles(found: Set<string>): Plugin {
  return {
    name: "thread-files",
    transform: (code, id) => {
      if (id.includes("/node_modules/") || !code.includes("import.meta.url")) return null;
      const replaced = code.replace(THREAD, (_, path: string) => {
        const source = relative(project, join(dirname(id), `${path}.ts`)).replaceAll("\\", "/");
        const [name] = Object.entries(ENTRIES).find(([, listed]) => listed === source) ?? [];
        if (name === undefined) throw new Error(`${id} starts ${source}, which scripts/build.ts does not list`);
        found.add(name);
        return `"./${name}.js"`;
      });
      if (replaced.includes('.endsWith(".ts")'))
        throw new Error(`${id} names a file in a way that the build doesn't know`);
      return replaced;
    },
  };
}

/** The licences of all that was bundled, as they ask for. */
export function notices(chunks: readonly OutputChunk[]): string {
  const folders = new Set(
    chunks.flatMap(({ moduleIds }) =>
      moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []),
    ),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^(licen[sc]e|copying)(\.(md|txt|\w+))?$/i.test(each));
    if (!file && license === undefined) throw new Error(`${name} ${version} is bundled and names no licence`);
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  });
  return `Holdfast contains these packages:\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

if (import.meta.main) {
  const target = process.argv[2] ?? join(project, "dist");
  const chunks = await build(target);
  await buildConsole(join(target, "console"));
  const bytes = chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
  console.log(`${basename(target)}: ${chunks.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
}
