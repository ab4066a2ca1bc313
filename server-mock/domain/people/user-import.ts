/**
 * Users from a CSV file: every row is checked as Add New User checks it. A dry run makes nothing and says what would be made. All or nothing is one
 * transaction; otherwise the good rows are made in batches, so that nobody waits long for the database.
 */
import type { Readable } from "node:stream";
import type { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import type { UserImportResult, userImportQuery } from "../../../protocol/messages/lists.ts";
import type { RecordStores } from "../../records/records.ts";
import type { GroupRow } from "../../records/rows.ts";
import { actorOf, getGroup, ownOrganization } from "../access/access.ts";
import type { ConsoleCaller } from "../access/callers.ts";
import { type CsvRow, readCsv } from "../csv/read-csv.ts";
import type { Domain } from "../domain.ts";
import { createUsers, groupFor, type NewUser } from "./new-users.ts";
import { parseUserRow, USER_COLUMNS, USER_COLUMNS_OPTIONAL } from "./user-row.ts";

const ROWS_MAX = 10_000;
const BYTES_MAX = 8 * 1024 * 1024;
const BATCH = 100;
const ERRORS_SHOWN = 1000;
const PREVIEW_ROWS = 100;

type Order = z.output<typeof userImportQuery> & { readonly source: Readable; readonly sizeBytes: number };

/** A row that reads well, or why not. */
interface Read {
  readonly row: number;
  readonly user?: NewUser & { readonly group: string };
  readonly groupName?: string;
  readonly error?: HoldfastError;
}

/** Throws `csv/malformed`, `request/too-large`, `group/missing`. */
export async function importUsers(
  domain: Domain,
  caller: ConsoleCaller,
  order: Order,
  address: string,
): Promise<UserImportResult> {
  const organization = ownOrganization(caller, "create users");
  const wanted = { columns: USER_COLUMNS, optional: USER_COLUMNS_OPTIONAL, rowsMax: ROWS_MAX };
  const rows = await readCsv(await readAll(order), wanted);
  const reads = await readRows(domain.records, caller, { organization, order, rows });
  const refused = await make(domain, caller, { organization, order, reads, address });
  const errors = new Map(reads.flatMap(({ row, error }) => (error === undefined ? [] : [[row, error] as const])));
  for (const [row, error] of refused) errors.set(row, error);
  const isNothing = order.allOrNothing && errors.size > 0;
  return {
    isDryRun: order.dryRun,
    read: rows.length,
    created: isNothing ? 0 : rows.length - errors.size,
    failed: errors.size,
    errors: [...errors]
      .sort(([a], [b]) => a - b)
      .slice(0, ERRORS_SHOWN)
      .map(shownError),
    preview: reads
      .filter(({ row }) => !errors.has(row))
      .slice(0, PREVIEW_ROWS)
      .flatMap(shownRow),
  };
}

async function readAll({ source, sizeBytes }: Pick<Order, "source" | "sizeBytes">): Promise<Buffer> {
  if (sizeBytes > BYTES_MAX) throw new HoldfastError("request/too-large", { limit: BYTES_MAX });
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function readRows(
  stores: RecordStores,
  caller: ConsoleCaller,
  { organization, order, rows }: { organization: string; order: Order; rows: readonly CsvRow[] },
): Promise<Read[]> {
  const groups = new Map<string, GroupRow | HoldfastError>();
  const groupOf = async (name: string): Promise<GroupRow> => {
    const known = groups.get(name);
    if (known instanceof HoldfastError) throw known;
    if (known !== undefined) return known;
    try {
      const found = await findGroup(stores, caller, { organization, name, otherwise: order.group });
      groups.set(name, found);
      return found;
    } catch (error) {
      if (error instanceof HoldfastError) groups.set(name, error);
      throw error;
    }
  };
  const reads: Read[] = [];
  for (const { row, cells } of rows)
    try {
      const group = await groupOf(cells["User Group"] ?? "");
      const user = { ...parseUserRow(cells), group: group.id, sendInstructions: order.sendInstructions };
      reads.push({ row, user, groupName: group.name });
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      reads.push({ row, error });
    }
  return reads;
}

async function findGroup(
  stores: RecordStores,
  caller: ConsoleCaller,
  { organization, name, otherwise }: { organization: string; name: string; otherwise: string | undefined },
): Promise<GroupRow> {
  if (name === "") return await groupFor(stores, { caller, organization, id: otherwise });
  const found = await stores.groups.findByName(organization, name);
  if (found === undefined) throw new HoldfastError("group/missing", { field: "User Group" });
  return await getGroup(stores, caller, found.id);
}

/** Row → why it was refused. A batch of its own for each hundred rows, unless all stand or fall together. */
async function make(
  domain: Domain,
  caller: ConsoleCaller,
  {
    organization,
    order,
    reads,
    address,
  }: { organization: string; order: Order; reads: readonly Read[]; address: string },
): Promise<Map<number, HoldfastError>> {
  const { allOrNothing } = order;
  const isBroken = reads.some(({ error }) => error !== undefined);
  const good = reads.flatMap(({ row, user }) => (user === undefined ? [] : [{ row, user }]));
  // A dry run looks at all rows at once: they may stand in each other's way.
  const dryRun = order.dryRun || (allOrNothing && isBroken);
  const batchRows = dryRun || allOrNothing ? Math.max(1, good.length) : BATCH;
  const refused = new Map<number, HoldfastError>();
  for (let from = 0; from < good.length; from += batchRows) {
    const batch = good.slice(from, from + batchRows);
    const users = batch.map(({ user }) => user);
    const by = { ...actorOf(caller, address), caller };
    const { outcomes } = await createUsers(domain, { organization, users, allOrNothing, dryRun }, by);
    for (const [at, outcome] of outcomes.entries()) {
      const row = batch[at]?.row;
      if (outcome.kind === "refused" && row !== undefined) refused.set(row, outcome.error);
    }
  }
  return refused;
}

const shownError = ([row, error]: [number, HoldfastError]): UserImportResult["errors"][number] => ({
  row,
  column: columnOf(error),
  code: error.code,
  message: error.message,
  hint: error.hint,
});

/** Which column the trouble is in, as far as its code says so. */
function columnOf({ code, data }: HoldfastError): string | null {
  switch (code) {
    case "account/exists":
      return "Email";
    case "group/missing":
      return "User Group";
    case "limit/out-of-range":
      return "Storage Limit";
    case "device/none-free":
      return "Devices";
    case "request/malformed":
      return typeof data.field === "string" ? (COLUMN_OF_FIELD[data.field] ?? data.field) : null;
    default:
      return null;
  }
}

const COLUMN_OF_FIELD: Readonly<Record<string, string>> = { name: "Username", email: "Email" };

function shownRow({ row, user, groupName = "" }: Read): UserImportResult["preview"] {
  if (user === undefined) return [];
  const { email, name, externalId = null, kind, limitBytes = null, desktopDevices, serverDevices } = user;
  const devices = { desktop: desktopDevices, server: serverDevices };
  return [{ row, email, name, externalId, group: groupName, kind, limitBytes, devices }];
}
