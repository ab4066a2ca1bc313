/** All versions of one path, newest first. */
import { versions } from "../../agent/browse/versions.ts";
import { catalogPathOf, spelledPath } from "../../agent/model/spelled-path.ts";
import type { VersionsResponse } from "../../protocol/messages/web-restore.ts";
import { shownSnapshot, viewEntry } from "./entry-views.ts";
import type { OpenVault } from "./open-vaults.ts";

/** None when no kept snapshot has the path. */
export async function listVersions(
  { vault }: OpenVault,
  path: string,
  signal?: AbortSignal,
): Promise<VersionsResponse> {
  const wanted = catalogPathOf(path);
  const found = await versions(vault, wanted, { signal });
  return {
    path: spelledPath(wanted),
    items: found.map(({ entry, first, last, deletedIn }) => ({
      entry: viewEntry(entry, { backedUpAt: first.receivedAt }),
      first: shownSnapshot(first),
      last: shownSnapshot(last),
      deletedIn: deletedIn === undefined ? null : shownSnapshot(deletedIn),
    })),
  };
}
