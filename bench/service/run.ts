/** `npm run bench:service`: two thousand agents at one service process, then lists over a million machines. See bench/README.md. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { type PostgresServer, startPostgres } from "../../test/support/postgres-server.ts";
import { machineFacts } from "../measure/machine.ts";
import { runLoad } from "./load.ts";
import { runMillion } from "./million.ts";
import { markdownReport, type ServiceResults, textReport } from "./report.ts";

const number = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError("a number");
  return value;
};

const program = new Command("bench:service")
  .description("Measures one service process: many agents at once, and lists over a large database.")
  .option("--quick", "200 agents for 10 seconds, 50,000 machines, a tenth of the questions: about a minute")
  .option("--agents <count>", "0: leave that part out (default: 2000)", number)
  .option("--seconds <count>", "of load (default: 60)", number)
  .option("--machines <count>", "in the database of the lists; 0: leave that part out (default: 1000000)", number)
  .option("--part <part>", "of the questions to lists (default: 1)", number)
  .option("--postgres", "rows on PostgreSQL, started for this")
  .option("--work <folder>", "where databases and packs are made; emptied afterwards (default: the system's)")
  .option("--json <file>", "everything that was measured")
  .option("--markdown <file>", "the report as Markdown")
  .parse();

const options = program.opts();
const usual = options.quick
  ? { agents: 200, seconds: 10, machines: 50_000, part: 0.1 }
  : { agents: 2000, seconds: 60, machines: 1_000_000, part: 1 };
const { agents, seconds, machines, part } = { ...usual, ...options };
process.exitCode = await bench();

/** Gives the exit code. */
async function bench(): Promise<number> {
  const folder = mkdtempSync(join(options.work ?? tmpdir(), "holdfast-bench-service-"));
  let server: PostgresServer | undefined;
  try {
    if (options.postgres) server = await startPostgres({ folder, isDurable: true });
    const database = async (name: string) => (server === undefined ? undefined : await newDatabase(server.url, name));
    const { work } = options;
    const load =
      agents > 0 ? await runLoad({ agents, seconds, work, databaseUrl: await database("load") }, say) : undefined;
    const million =
      machines > 0
        ? await runMillion({ machines, part, work, databaseUrl: await database("million") }, say)
        : undefined;
    const at = new Date().toISOString();
    const results: ServiceResults = { at, machine: machineFacts("own"), flags: process.argv.slice(2), load, million };
    console.log(textReport(results));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
    if (options.markdown) writeFileSync(options.markdown, markdownReport(results));
    return [...(load?.failures ?? []), ...(million?.failures ?? [])].length === 0 ? 0 : 1;
  } finally {
    server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function newDatabase(server: string, name: string): Promise<string> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function say(line: string): void {
  console.error(line);
}
