/** Lists of a database with a million machines: every sort × filter × search, as several people see it, over HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../base/digest.ts";
import { MACHINE_FILTERS, MACHINE_SORTS, USER_FILTERS, USER_SORTS } from "../../protocol/messages/lists.ts";
import { databasePath } from "../../server-mock/data-folder.ts";
import { tokenRow } from "../../test/support/rows.ts";
import { bulkIntoPostgres, bulkIntoSqlite } from "./bulk-insert.ts";
import { type Failure, HttpCaller, quantiles, type RouteTimes } from "./http-caller.ts";
import { serve } from "./load.ts";
import { openAlerts } from "./open-alerts.ts";
import { type PopulationFacts, population } from "./population.ts";

export interface MillionOptions {
  readonly machines: number;
  readonly work: string | undefined;
  readonly databaseUrl: string | undefined;
  /** Of all questions, so many at random: 1 is all. */
  readonly part: number;
}

export interface MillionResult {
  readonly machines: number;
  readonly users: number;
  readonly organizations: number;
  readonly database: string;
  readonly fillSeconds: number;
  /** `listMachines, owner`, `listMachines, full search`, … and all together. */
  readonly lists: readonly RouteTimes[];
  readonly slowest: readonly { readonly question: string; readonly ms: number }[];
  readonly servicePeakBytes: number;
  readonly failures: readonly Failure[];
}

const SEARCHES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "no search": {},
  "exact search": { search: "maria.77@customer-77.example" },
  "full search, many": { search: "lab-", full: "true" },
  "full search, some": { search: "er.12", full: "true" },
  "full search, none": { search: "nothing at all", full: "true" },
};

export async function runMillion(options: MillionOptions, say: (line: string) => void): Promise<MillionResult> {
  const { machines, databaseUrl } = options;
  const folder = mkdtempSync(join(options.work ?? tmpdir(), "holdfast-million-"));
  try {
    const now = Date.now();
    const people = population({ machines, now, password: "nobody logs in" });
    const startedAt = performance.now();
    const served = await serve(folder, databaseUrl, async (data) => {
      await using bulk =
        databaseUrl === undefined ? bulkIntoSqlite(databasePath(data)) : await bulkIntoPostgres(databaseUrl);
      for (const { table, rows } of people.small) await bulk.insert(table, rows);
      await bulk.insert("accounts", people.users());
      await bulk.insert("machines", people.machines());
      await bulk.insert("alerts", openAlerts(people.machines(), now));
      await bulk.insert("tokens", tokenRows(people.accounts));
      await bulk.finish();
    });
    await using service = served.service;
    const fillSeconds = (performance.now() - startedAt) / 1000;
    say(`${machines} machines in ${fillSeconds.toFixed(0)} s`);
    const caller = new HttpCaller(served.address);
    const asked = await askAll(caller, people.facts, options.part);
    caller.close();
    return {
      machines,
      users: people.facts.users,
      organizations: people.facts.organizations,
      database: databaseUrl === undefined ? "SQLite" : "PostgreSQL",
      fillSeconds,
      ...asked,
      servicePeakBytes: service.peakBytes(),
      failures: caller.failures,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const tokenOf = (who: string): string => `bench-token-of-${who}-0123456789abcdef`;

const tokenRows = (accounts: Readonly<Record<string, string>>) =>
  Object.entries(accounts).map(([who, account]) => ({
    ...tokenRow(0, { account, createdAt: Date.now(), lastUsedAt: Date.now() }),
    digest: sha256(Buffer.from(tokenOf(who))),
  }));

interface Question {
  readonly route: "listMachines" | "listUsers";
  readonly who: string;
  readonly search: string;
  readonly query: Readonly<Record<string, string>>;
}

async function askAll(caller: HttpCaller, facts: PopulationFacts, part: number) {
  const taken: { question: string; ms: number }[] = [];
  for (const [at, { route, who, search, query }] of questions(facts).entries()) {
    // Spread evenly, the same ones every time.
    if ((at * 0.618_034) % 1 >= part) continue;
    const ask = async (page: number, more: Readonly<Record<string, string>>): Promise<string | null> => {
      const startedAt = performance.now();
      const asked = { token: tokenOf(who), query: { ...query, ...more } };
      const { json } = await caller.call(route, asked, `${route}, ${who}, ${search}`);
      const question = `${route} ${who} ${new URLSearchParams(query)} page ${page}`;
      taken.push({ question, ms: performance.now() - startedAt });
      return json.next ?? null;
    };
    const cursor = await ask(1, {});
    if (cursor !== null) await ask(2, { cursor });
  }
  const all = { route: "all lists", ...quantiles(taken.map(({ ms }) => ms)) };
  const slowest = taken.toSorted((a, b) => b.ms - a.ms).slice(0, 10);
  return { lists: [all, ...caller.times()], slowest };
}

function questions({ largeGroup, smallGroup, user }: PopulationFacts): Question[] {
  const made: Question[] = [];
  const both = (route: Question["route"], sorts: readonly string[], filters: readonly Record<string, string>[]) => {
    for (const who of ["owner", "admin", "group-admin"])
      for (const sort of sorts)
        for (const filter of filters)
          for (const [search, sought] of Object.entries(SEARCHES)) {
            if (who === "group-admin" && filter.group === largeGroup) continue; // Not one of its groups.
            const order = (made.length % 2 === 0 ? "asc" : "desc") as string;
            made.push({ route, who, search, query: { sort, order, ...filter, ...sought } });
          }
  };
  const groups = [{}, { group: largeGroup }, { group: smallGroup }, { kind: "server" }];
  both("listUsers", USER_SORTS, [...groups, ...USER_FILTERS.map((filter) => ({ filter }))]);
  const machineFilters = [...groups, ...MACHINE_FILTERS.map((filter) => ({ filter }))];
  both("listMachines", MACHINE_SORTS, [...machineFilters, { filter: "never-backed-up", kind: "server" }]);
  for (const sort of MACHINE_SORTS)
    made.push({ route: "listMachines", who: "owner", search: "no search", query: { sort, user } });
  return made;
}
