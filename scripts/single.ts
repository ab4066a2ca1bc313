/**
 * `npm run build:single` (HOLDFAST_UPDATE_KEYS=<hex>,…: whose updates it takes): the command and the agent in one file, for machines without Node: `dist/single/holdfast`. All code is one module inside a copy of
 * the Node that builds it; what threads run lies beside it as assets and reaches them as data. The service is not in it.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputChunk, type Plugin, rolldown } from "rolldown";
import { ENTRIES, EXPECTED, lazyBuiltins, notices, THREAD } from "./build.ts";

const project = fileURLToPath(new URL("..", import.meta.url));
/** Not `begin.ts`: there is nothing to keep compiled, the file has its code compiled in it. */
const MAIN = "cli/main.ts";
const THREADS = Object.entries(ENTRIES).filter(([name]) => name.endsWith("-worker"));

/** The system's keystore is reached through a library of its own, which can't be in the file: keys stay in their file there. */
const KEYRING = "@napi-rs/keyring";

/** Makes `target`, a file that can be run by itself on a machine like this one. */
export async function buildSingle(
  target: string,
  { keys = [] }: { readonly keys?: readonly string[] } = {},
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "holdfast-single-"));
  try {
    const programs = new Map<string, OutputChunk>([["main", await bundled(MAIN, keys)]]);
    for (const [name, source] of THREADS) programs.set(name, await bundled(source, keys));
    for (const [name, { code }] of programs) writeFileSync(join(work, `${name}.js`), code);
    const text = `${notices([...programs.values()])}\nIt runs on Node.js, whose licences are at https://github.com/nodejs/node/blob/main/LICENSE\n`;
    writeFileSync(join(work, "NOTICES.txt"), text);
    writeFileSync(join(work, "sea.json"), JSON.stringify(recipe(work, target)));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(work, "NOTICES.txt"), join(dirname(target), "NOTICES.txt"));
    const { status, stderr } = spawnSync(process.execPath, ["--build-sea", join(work, "sea.json")], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`node --build-sea failed: ${stderr}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const recipe = (work: string, target: string) => ({
  main: join(work, "main.js"),
  mainFormat: "module",
  executable: strippedNode(work),
  output: target,
  disableExperimentalSEAWarning: true,
  useCodeCache: true,
  execArgv: ["--disable-warning=ExperimentalWarning"],
  // Nothing from outside changes what this program is.
  execArgvExtension: "none",
  assets: Object.fromEntries(
    ["NOTICES.txt", ...THREADS.map(([name]) => `${name}.js`)].map((name) => [name, join(work, name)]),
  ),
});

/** Without names for debuggers it is a fifth smaller. */
function strippedNode(work: string): string {
  const copy = join(work, "node");
  copyFileSync(process.execPath, copy);
  const { status } = spawnSync("strip", [copy]);
  return status === 0 ? copy : process.execPath;
}

async function bundled(source: string, keys: readonly string[]): Promise<OutputChunk> {
  const bundle = await rolldown({
    cwd: project,
    input: source,
    platform: "node",
    external: [KEYRING],
    plugins: [lazyBuiltins, threadAssets, updateKeys(keys)],
    onLog: (level, { code, message }) => {
      if (level === "warn" && !EXPECTED.has(code ?? "")) throw new Error(`${code}: ${message}`);
    },
  });
  const { output } = await bundle.generate({ format: "esm", comments: { legal: true }, codeSplitting: false });
  const [chunk, ...more] = output.filter((each) => each.type === "chunk");
  if (!chunk || more.length > 0) throw new Error(`${source} became ${more.length + 1} files`);
  // What was a file of its own is in this one now.
  const known = [KEYRING, chunk.fileName];
  const outside = [...chunk.imports, ...chunk.dynamicImports].filter(
    (name) => !known.includes(name) && !isBuiltin(name),
  );
  if (outside.length > 0) throw new Error(`${source} still imports ${outside.join(", ")}`);
  return chunk;
}

/** There is no file beside the program that a thread could run: it gets its program as a `data:` address. */
const threadAssets: Plugin = {
  name: "thread-assets",
  transform: (code, id) => {
    if (id.includes("/node_modules/") || !code.includes("import.meta.url")) return null;
    return code.replace(THREAD, (_, path: string) => {
      const source = relative(project, join(dirname(id), `${path}.ts`)).replaceAll("\\", "/");
      const [name] = THREADS.find(([, listed]) => listed === source) ?? [];
      if (name === undefined) throw new Error(`${id} starts ${source}, which scripts/build.ts does not list`);
      const asset = `Buffer.from(process.getBuiltinModule("node:sea").getRawAsset("${name}.js"))`;
      return `("data:text/javascript;base64," + ${asset}.toString("base64"))`;
    });
  },
};

/** Whose updates the program takes. */
const updateKeys = (keys: readonly string[]): Plugin => ({
  name: "update-keys",
  transform: (code, id) => {
    if (!id.endsWith("/agent/install/update-keys.ts")) return null;
    if (!keys.every((key) => /^[0-9a-f]{64}$/.test(key))) throw new Error("an update key has 64 hexadecimal digits");
    const place = /= \[\];/;
    if (!place.test(code)) throw new Error(`${id} has no place for keys`);
    return code.replace(place, `= ${JSON.stringify(keys)};`);
  },
});

if (import.meta.main) {
  const target =
    process.argv[2] ?? join(project, "dist", "single", process.platform === "win32" ? "holdfast.exe" : "holdfast");
  const keys = (process.env.HOLDFAST_UPDATE_KEYS ?? "").split(",").filter((key) => key !== "");
  await buildSingle(target, { keys });
  console.log(`${target}: ${(statSync(target).size / 1e6).toFixed(0)} MB`);
}
