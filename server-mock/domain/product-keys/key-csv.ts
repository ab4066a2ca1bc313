/** Product keys as CSV: a fresh batch with the whole keys, the list with their last groups. */
import { LIST_LIMIT_MAX } from "../../../protocol/limits.ts";
import type { ProductKeyQuery, ProductKeyView } from "../../../protocol/messages/product-keys.ts";
import type { RecordStores, Scope } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { csvPieces } from "../reports/csv.ts";
import { listProductKeys, type NewProductKey } from "./product-keys.ts";

const TYPES = { desktop: "Desktop", server: "Server" } as const;
const STATES = {
  unassigned: "Unassigned",
  assigned: "Assigned",
  activated: "Activated",
  suspended: "Suspended",
  revoked: "Revoked",
} as const;

const COLUMNS = ["Product Key", "Type", "State", "User Group", "User", "Machine", "Created", "Activated"];

export function freshKeysCsv({ records }: Domain, keys: readonly NewProductKey[]): AsyncGenerator<Buffer> {
  const page = async function* () {
    yield await lines(records, keys, ({ productKey }) => productKey);
  };
  return csvPieces(COLUMNS, page());
}

export function keyListCsv(
  domain: Domain,
  scope: Scope,
  filter: Omit<ProductKeyQuery, "limit" | "cursor">,
): AsyncGenerator<Buffer> {
  const pages = async function* () {
    let cursor: string | undefined;
    do {
      const { items, next } = await listProductKeys(domain, scope, { ...filter, limit: LIST_LIMIT_MAX, cursor });
      yield await lines(domain.records, items, ({ lastGroup }) => lastGroup);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  };
  return csvPieces(COLUMNS, pages());
}

async function lines<Key extends ProductKeyView>(
  stores: RecordStores,
  keys: readonly Key[],
  textOf: (key: Key) => string,
): Promise<string[][]> {
  const groups = new Map<string, string>();
  const made: string[][] = [];
  for (const key of keys) {
    if (!groups.has(key.group)) groups.set(key.group, (await stores.groups.find(key.group))?.name ?? "");
    const machine = key.machine === null ? undefined : await stores.machines.findEvenDeleted(key.machine);
    const who = [groups.get(key.group) ?? "", key.user?.email ?? "", machine?.name ?? ""];
    made.push([textOf(key), TYPES[key.kind], STATES[key.state], ...who, day(key.createdAt), day(key.activatedAt)]);
  }
  return made;
}

const day = (instant: string | null): string => instant?.slice(0, 10) ?? "";
