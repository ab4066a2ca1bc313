/** Removes a file with its rows: rows first, because a row without its file would be a hole; a promise of nothing names the file in between. */
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";

/** `dropRows` runs in a transaction; when it answers false, nothing happens. */
export async function removeWithRows(
  { records, blobs, newId }: Domain,
  { machine, blob }: { machine: string; blob: string },
  dropRows: (stores: RecordStores) => Promise<boolean>,
): Promise<boolean> {
  const id = newId();
  const nobodys = { organization: "", userGroup: "", account: "", kind: "desktop", bytes: 0 } as const;
  const isDropped = await records.transaction(async (stores) => {
    if (!(await dropRows(stores))) return false;
    // The next start removes the file if the process dies now.
    await stores.quota.reserve({ ...nobodys, id, machine, blob });
    return true;
  });
  if (!isDropped) return false;
  await blobs.remove(blob);
  await records.quota.release(id);
  return true;
}
