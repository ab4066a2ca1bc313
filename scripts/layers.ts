/**
 * Who may import whom, and who alone may use what is dangerous. Data first; `test/meta/layers.test.ts` holds the code to it.
 * An arrow only points down: a layer may import the layers it lists, itself, and nothing else of ours.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const BASE = ["base"];
const SHARED = ["protocol", ...BASE];
const AGENT_GROUND = ["agent/model", "agent/chunk", "agent/keys", "agent/remote", ...SHARED];
const AGENT_STORES = ["agent/vault", "agent/disk", "agent/state", "agent/settings", ...AGENT_GROUND];
const SERVICE_OUTSIDE = ["server-mock/mail", "server-mock/hooks"];
const SERVICE_GROUND = ["server-mock/http", "server-mock/records", "server-mock/blobs", ...SERVICE_OUTSIDE, ...SHARED];

/** Layer → what it may import. A layer is the longest of these prefixes that a file's path begins with. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  protocol: BASE,

  "agent/model": SHARED,
  "agent/chunk": ["agent/model", ...SHARED],
  "agent/keys": SHARED,
  "agent/remote": SHARED,
  "agent/settings": SHARED,
  "agent/disk": ["agent/model", ...SHARED],
  "agent/state": AGENT_GROUND,
  "agent/vault": AGENT_GROUND,
  "agent/enrol": AGENT_STORES,
  "agent/backup": AGENT_STORES,
  "agent/restore": AGENT_STORES,
  "agent/verify": AGENT_STORES,
  "agent/browse": AGENT_STORES,
  /** What holds on this machine: its own settings and the service's policy, each value with its origin. */
  "agent/config": ["agent/settings", ...SHARED],
  /** The local copy: a folder with a history of its own, written and read like the service's. */
  "agent/local": AGENT_STORES,
  /** Changes on the disk, as they happen. */
  "agent/watch": ["agent/disk", "agent/model", ...SHARED],
  /** Between a running agent and whoever sits at the machine. */
  "agent/control": SHARED,
  /** What a running agent asks the machine: power, network, load. */
  "agent/sensors": SHARED,
  /** Service units, enrolment from a file, updates of the agent itself. */
  "agent/install": ["agent/settings", "agent/config", ...SHARED],
  "agent/daemon": ["agent/backup", "agent/config", "agent/watch", "agent/control", "agent/sensors", ...AGENT_STORES],
  /** Files directly in agent/: the door and what it is made of. */
  agent: [
    "agent/daemon",
    "agent/config",
    "agent/local",
    "agent/watch",
    "agent/control",
    "agent/sensors",
    "agent/install",
    "agent/enrol",
    "agent/backup",
    "agent/restore",
    "agent/verify",
    "agent/browse",
    ...AGENT_STORES,
  ],

  /** Of the agent only its door: see DOORS. */
  cli: ["agent", ...SHARED],
  /** `npm start`: runs the service's program as a process; imports nothing of it. */
  "cli/trial": ["cli", ...SHARED],
  "cli/start": ["cli/trial", "cli", "agent", ...SHARED],

  "server-mock/http": SHARED,
  "server-mock/records": SHARED,
  "server-mock/blobs": SHARED,
  /** The way out: a mail server, other people's web servers. */
  "server-mock/mail": SHARED,
  "server-mock/hooks": SHARED,
  "server-mock/domain": SERVICE_GROUND,
  "server-mock/jobs": ["server-mock/domain", ...SERVICE_GROUND],
  /** Opens vaults in the service, for a person, while that person asks: the agent's own reading code, on the service's rows and bytes. */
  "server-mock/web-restore": [
    "server-mock/domain",
    "agent/vault",
    "agent/browse",
    "agent/restore",
    ...AGENT_GROUND,
    ...SERVICE_GROUND,
  ],
  "server-mock/routes": ["server-mock/web-restore", "server-mock/domain", ...SERVICE_GROUND],
  /** Runs in a browser: types of the contract, and a few files of base that need nothing of Node. */
  "server-mock/console": SHARED,
  "server-mock": [
    "server-mock/routes",
    "server-mock/web-restore",
    "server-mock/jobs",
    "server-mock/domain",
    ...SERVICE_GROUND,
  ],
};

/** A layer that others may enter through one file only. */
export const DOORS: readonly { readonly from: string; readonly into: string; readonly door: string }[] = [
  { from: "cli", into: "agent", door: "agent/index.ts" },
];

/** What runs in a browser carries only these of what is below it; all else of the contract is there as types alone. */
export const CONSOLE_MAY_CARRY: readonly string[] = [
  "base/format-bytes.ts",
  "base/time-since.ts",
  "protocol/capabilities.ts",
  "protocol/retention-policies.ts",
];

export interface Owned {
  readonly what: string;
  readonly pattern: RegExp;
  /** The only files that may contain it. */
  readonly owners: readonly RegExp[];
}

/** What only its owners may use, in the code of the product. */
export const OWNED: readonly Owned[] = [
  { what: "node:sqlite", pattern: /["']node:sqlite["']/, owners: [/^base\/sqlite\.ts$/] },
  {
    what: "zstd",
    pattern: /\bzstd(Compress|Decompress)\w*/i,
    owners: [/^agent\/chunk\/codec-portable\.ts$/],
  },
  {
    what: "ciphers",
    pattern: /\bcreate(Cipher|Decipher)iv\b/,
    owners: [
      /^agent\/chunk\/codec-portable\.ts$/,
      /^agent\/chunk\/pieces\.ts$/,
      /^agent\/keys\/wraps\.ts$/,
      /^base\/secret-box\.ts$/,
    ],
  },
  { what: "HPKE", pattern: /["']@hpke\/core["']/, owners: [/^base\/hpke\.ts$/] },
  {
    what: "the environment's variables",
    pattern: /\bprocess\.env\b/,
    // The last of them reads none: it says something to Node.
    owners: [/^server-mock\/config\.ts$/, /^cli\/settings\.ts$/, /^base\/prepare-start\.ts$/],
  },
  {
    what: "the clock",
    pattern: /\bDate\.now\(|\bnew Date\(\)|Temporal\.Now\.(?!timeZoneId)/,
    // A browser has a clock of its own, and nothing to steer it for: tests set the browser's.
    owners: [/^base\/clock\.ts$/, /^server-mock\/console\//],
  },
  {
    what: "randomness",
    pattern: /\b(randomBytes|randomUUID|randomInt|getRandomValues)\b|Math\.random\(/,
    owners: [/^base\/random\.ts$/, /^server-mock\/console\/api\//],
  },
  {
    what: "process.exit",
    pattern: /\bprocess\.exit\(/,
    owners: [/^cli\/main\.ts$/, /^cli\/start\.ts$/, /^server-mock\/main\.ts$/],
  },
];

export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Imports that exist when the program runs: not `import type`. */
  readonly runtimeImports: readonly string[];
}

const project = fileURLToPath(new URL("..", import.meta.url));

/** The product's TypeScript files, without tests. */
export function sourceFiles(): SourceFile[] {
  return globSync("{base,protocol,agent,cli,server-mock}/**/*.{ts,tsx}", { cwd: project })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => ![".test.ts", ".long.ts", ".engines.ts", ".d.ts"].some((end) => path.endsWith(end)))
    .sort()
    .map((path) => {
      const text = withoutComments(readFileSync(join(project, path), "utf8"));
      return { path, text, imports: importsOf(path, text, false), runtimeImports: importsOf(path, text, true) };
    });
}

export function layerOf(path: string): string | undefined {
  const layers = Object.keys(LAYERS).filter((layer) => path === `${layer}.ts` || path.startsWith(`${layer}/`));
  return layers.sort((a, b) => b.length - a.length)[0];
}

const IMPORT = /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["'](\.{1,2}\/[^"']+)["']/g;
const DYNAMIC = /\b(?:import\(|new URL\()\s*["'](\.{1,2}\/[^"']+\.ts)["']/g;

/** The project's own files that a file imports, also dynamically and as worker or program. */
function importsOf(path: string, text: string, runtimeOnly: boolean): string[] {
  const fixed = Array.from(text.matchAll(IMPORT))
    .filter(([, type]) => !(runtimeOnly && type))
    .map(([, , target]) => target ?? "");
  const dynamic = Array.from(text.matchAll(DYNAMIC)).map(([, target]) => target ?? "");
  const all = runtimeOnly ? fixed : [...fixed, ...dynamic];
  return all.map((target) => normalize(join(dirname(path), target)).replaceAll("\\", "/"));
}

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
