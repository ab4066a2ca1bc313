/**
 * Machines go to other users as a CSV file says (`Machine Name, Machine Hash, Current Owner, New Owner`; the hash is the machine's id). Every row is
 * judged by itself; a dry run judges as if the rows before it had been carried out.
 */

import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { HoldfastError } from "../../../protocol/errors.ts";
import { LARGE_JSON_BYTES_MAX, LIST_LIMIT_MAX } from "../../../protocol/limits.ts";
import { MOVE_COLUMNS, MOVE_ROWS_MAX, type MovesResult } from "../../../protocol/messages/machine-acts.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { AccountRow, MachineRow } from "../../records/rows.ts";
import { actorOf, getMachine, getUser, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { normalEmail } from "../access/log-in.ts";
import { type CsvRow, readCsv } from "../csv/read-csv.ts";
import type { Domain } from "../domain.ts";
import { csvPieces } from "../reports/csv.ts";
import { checkMove, Ledger, move } from "./move-machines.ts";

/** Rows that one transaction carries out. */
const ROWS_AT_ONCE = 50;

type Outcome = "moved" | "skipped" | MovesResult["errors"][number];

export async function moveMachines(
  domain: Domain,
  caller: ConsoleCaller,
  file: { source: Readable; sizeBytes: number; dryRun: boolean },
  address: string,
): Promise<MovesResult> {
  const { dryRun } = file;
  const organization = ownOrganization(caller, "move machines");
  if (file.sizeBytes > LARGE_JSON_BYTES_MAX)
    throw new HoldfastError("request/too-large", { limit: LARGE_JSON_BYTES_MAX });
  const rows = await readCsv(await buffer(file.source), { columns: MOVE_COLUMNS, rowsMax: MOVE_ROWS_MAX });
  const repeated = repeatsOf(rows);
  const outcomes: Outcome[] = [];
  const ledger = new Ledger();
  const by = actorOf(caller, address);
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE);
    const judgeAll = async (stores: RecordStores): Promise<Outcome[]> => {
      const judged: Outcome[] = [];
      for (const row of some) judged.push(await judge(stores, row));
      return judged;
    };
    const judge = (stores: RecordStores, row: CsvRow): Promise<Outcome> =>
      judged(row, async () => {
        const first = repeated.get(row);
        if (first !== undefined) throw malformed(`row ${first} has this machine, too`);
        const wanted = await wantedMove(stores, caller, row);
        if (wanted === undefined) return "skipped";
        const { machine, to } = wanted;
        const organizationBytes = await checkMove(stores, machine, to, dryRun ? ledger : undefined);
        if (dryRun) ledger.move(machine, to, organizationBytes);
        else await move(domain, stores, machine, to, by);
        return "moved";
      });
    // In a dry run nothing is written and nothing repeated: it needs no transaction.
    const turn = { lock: `quota/${organization}` };
    outcomes.push(...(dryRun ? await judgeAll(domain.records) : await domain.records.transaction(judgeAll, turn)));
  }
  const count = (wanted: Outcome) => outcomes.filter((each) => each === wanted).length;
  const errors = outcomes.filter((each) => typeof each === "object");
  return { dryRun, read: rows.length, moved: count("moved"), skipped: count("skipped"), errors };
}

/** A refusal is the row's alone: `work` looks before it writes. */
async function judged({ row, cells }: CsvRow, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.kind === "bug") throw error;
    return {
      row,
      machine: cells["Machine Name"] || cells["Machine Hash"] || "",
      code: error.code,
      message: error.message,
    };
  }
}

/** undefined: there is nothing to do. */
async function wantedMove(
  stores: RecordStores,
  caller: ConsoleCaller,
  { cells }: CsvRow,
): Promise<{ machine: MachineRow; to: AccountRow } | undefined> {
  const { "Machine Hash": hash = "", "Current Owner": current = "", "New Owner": wanted = "" } = cells;
  if (wanted === "") return undefined;
  if (hash === "") throw malformed("Machine Hash is empty");
  const { machine } = await getMachine(stores, caller, hash.toLowerCase());
  const owner = await stores.accounts.find(machine.account);
  if (current !== "" && owner?.login !== normalEmail(current))
    throw new HoldfastError("machine/other-owner", { owner: owner?.login ?? "" });
  const account = await stores.accounts.findByLogin(normalEmail(wanted));
  const to = await getUser(stores, caller, account?.id ?? "");
  return to.id === machine.account ? undefined : { machine, to };
}

/** Rows that name a machine again → the row that named it first. */
function repeatsOf(rows: readonly CsvRow[]): Map<CsvRow, number> {
  const first = new Map<string, number>();
  const repeats = new Map<CsvRow, number>();
  for (const each of rows) {
    const hash = each.cells["Machine Hash"]?.toLowerCase() ?? "";
    if (hash === "" || (each.cells["New Owner"] ?? "") === "") continue;
    const before = first.get(hash);
    if (before === undefined) first.set(hash, each.row);
    else repeats.set(each, before);
  }
  return repeats;
}

const malformed = (reason: string): HoldfastError => new HoldfastError("csv/malformed", { reason });

/** All machines with their owners, for somebody to fill in the last column. */
export function movesCsv({ records }: Domain, scope: Scope): AsyncGenerator<Buffer> {
  const pages = async function* () {
    const logins = new Map<string, string>();
    for (let after: string | undefined; ; ) {
      const page = await records.machines.list({ limit: LIST_LIMIT_MAX, after }, scope);
      for (const { account } of page)
        if (!logins.has(account)) logins.set(account, (await records.accounts.find(account))?.login ?? "");
      yield page.map(({ name, id, account }) => [name, id, logins.get(account) ?? "", ""]);
      after = page.at(-1)?.id;
      if (page.length < LIST_LIMIT_MAX) return;
      logins.clear();
    }
  };
  return csvPieces(MOVE_COLUMNS, pages());
}
