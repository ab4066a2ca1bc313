/** Restores in the browser, as routes ask for them: who may is the domain's to say, what is in a vault is read here. One for each process. */

import type { FileRange } from "../../agent/browse/file-bytes.ts";
import type { Snapshot, SnapshotChoice } from "../../agent/vault/vault.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type {
  ArchiveCreated,
  ArchiveRequest,
  ArchiveView,
  EntriesRequest,
  EntriesResponse,
  FileQuery,
  SearchRequest,
  SearchResponse,
  SizesResponse,
  VersionsResponse,
} from "../../protocol/messages/web-restore.ts";
import type { AgentCaller, ConsoleCaller } from "../domain/access/callers.ts";
import type { Domain } from "../domain/domain.ts";
import { createArchive, findArchive } from "../domain/restores/archives.ts";
import { closeWebRestore, findWebRestore } from "../domain/restores/web-sessions.ts";
import { Counting } from "./archive/counting.ts";
import { type Download, Downloads } from "./archive/downloads.ts";
import { listEntries } from "./list-entries.ts";
import { listVersions } from "./list-versions.ts";
import { type OpenVault, OpenVaults } from "./open-vaults.ts";
import { OrderedFiles, type Pour } from "./ordered-files.ts";
import { downloadFile, type FileAnswer, findFile, viewFile } from "./read-file.ts";
import { searchEntries } from "./search-entries.ts";
import { sizeFolder } from "./size-folder.ts";

interface Which {
  readonly snapshot?: number | undefined;
  readonly at?: string | undefined;
}

export class WebRestores {
  readonly #domain: Domain;
  readonly #vaults: OpenVaults;
  readonly #counting: Counting;
  readonly #downloads: Downloads;
  readonly #ordered: OrderedFiles;

  /** `signal`: this process ends. */
  constructor(domain: Domain, signal: AbortSignal) {
    this.#domain = domain;
    this.#vaults = new OpenVaults(domain, signal);
    this.#counting = new Counting(domain, this.#vaults, signal);
    this.#downloads = new Downloads(domain, this.#vaults);
    this.#ordered = new OrderedFiles(domain, this.#vaults);
  }

  async close(caller: ConsoleCaller, id: string): Promise<void> {
    await closeWebRestore(this.#domain, caller, id);
    this.#vaults.forget(id);
  }

  async entries(
    caller: ConsoleCaller,
    { webRestore, ...request }: EntriesRequest & { webRestore: string },
    signal: AbortSignal,
  ): Promise<EntriesResponse> {
    const { open, snapshot } = await this.#snapshot(caller, webRestore, request);
    return await listEntries(open, snapshot, request, signal);
  }

  async search(
    caller: ConsoleCaller,
    { webRestore, ...request }: SearchRequest & { webRestore: string },
    signal: AbortSignal,
  ): Promise<SearchResponse> {
    const { open, snapshot } = await this.#snapshot(caller, webRestore, request);
    return await searchEntries(open, snapshot, request, signal);
  }

  async versions(
    caller: ConsoleCaller,
    { webRestore, path }: { webRestore: string; path: string },
    signal: AbortSignal,
  ): Promise<VersionsResponse> {
    return await listVersions(await this.#open(caller, webRestore), path, signal);
  }

  async sizes(
    caller: ConsoleCaller,
    { webRestore, folder, ...which }: Which & { webRestore: string; folder: string },
    signal: AbortSignal,
  ): Promise<SizesResponse> {
    const { snapshot } = await this.#snapshot(caller, webRestore, which);
    return await sizeFolder(snapshot, folder, signal);
  }

  /** `rangeOf` says which bytes of so many are wanted; undefined: all. */
  async file(
    caller: ConsoleCaller,
    { webRestore, ...query }: FileQuery & { webRestore: string },
    rangeOf: (sizeBytes: number) => FileRange | undefined,
  ): Promise<FileAnswer & { range: FileRange | undefined }> {
    const { open, snapshot } = await this.#snapshot(caller, webRestore, query);
    const file = await findFile(snapshot, query.path);
    if (query.as === "view") return { ...(await viewFile(open, file, query)), range: undefined };
    const range = rangeOf(file.sizeBytes);
    return { ...downloadFile(open, file, range), range };
  }

  async createArchive(
    caller: ConsoleCaller,
    { webRestore, ...request }: ArchiveRequest & { webRestore: string },
    address: string,
  ): Promise<ArchiveCreated> {
    const opened = await findWebRestore(this.#domain, caller, webRestore);
    const created = await createArchive(this.#domain, caller, { opened, request }, address);
    void this.#counting.begin(created.id, { person: caller.account.id, isNew: true });
    return created;
  }

  async archive(caller: ConsoleCaller, id: string): Promise<ArchiveView> {
    const view = await findArchive(this.#domain, caller, id);
    // Whoever counted may have gone with its process.
    if (view.status === "running") void this.#counting.begin(id, { person: caller.account.id, isNew: false });
    return view;
  }

  download(link: string, address: string, signal: AbortSignal): Promise<Download> {
    return this.#downloads.begin(link, address, signal);
  }

  orderedFiles(caller: AgentCaller, which: { order: string; address: string }, signal: AbortSignal): Promise<Pour> {
    return this.#ordered.begin(caller, which, signal);
  }

  async #open(caller: ConsoleCaller, id: string): Promise<OpenVault> {
    return await this.#vaults.get(await findWebRestore(this.#domain, caller, id));
  }

  async #snapshot(caller: ConsoleCaller, id: string, which: Which): Promise<{ open: OpenVault; snapshot: Snapshot }> {
    const opened = await findWebRestore(this.#domain, caller, id);
    const choice = choiceOf(which);
    const open = await this.#vaults.get(opened);
    try {
      return { open, snapshot: await open.snapshot(choice) };
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.kind !== "missing") throw error;
      const again = await this.#vaults.again(opened);
      return { open: again, snapshot: await again.snapshot(choice) };
    }
  }
}

/** Throws `request/malformed` when both are given. */
function choiceOf({ snapshot, at }: Which): SnapshotChoice {
  if (snapshot !== undefined && at !== undefined)
    throw new HoldfastError("request/malformed", { reason: "either a snapshot or an instant", path: "at" });
  if (snapshot !== undefined) return { kind: "sequence", sequence: snapshot };
  return at === undefined ? { kind: "latest" } : { kind: "instant", instant: Date.parse(at) };
}
