/** This computer as a machine of a test service, with the real agent: a folder that a test fills, and backups of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { backup, registerMachine } from "../../agent/index.ts";
import { tempFolder } from "./temp-folder.ts";
import type { Answered, TestService } from "./test-service.ts";

export class BackedUpMachine {
  readonly service: TestService;
  readonly id: string;
  readonly data: string;
  /** What is backed up. */
  readonly source: string;

  constructor(service: TestService, { id, data, source }: { id: string; data: string; source?: string | undefined }) {
    this.service = service;
    this.id = id;
    this.data = data;
    this.source = source ?? tempFolder();
  }

  /** In the source, with the folders above. */
  write(name: string, content: string | Buffer): void {
    const path = join(this.source, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** As messages spell it. */
  path(name = ""): string {
    return name === "" ? this.source : `${this.source}/${name}`;
  }

  /** The next one comes so much later, by the service's clock. Gives the sequence. */
  async backUp({ hours = 24 } = {}): Promise<number> {
    const { snapshot } = await backup({ dataFolder: this.data, roots: [this.source], type: "Manual" });
    if (snapshot === undefined || snapshot === null) throw new Error("the backup was not committed");
    this.service.clock.advance(hours * 3600_000);
    return snapshot;
  }
}

export async function backedUpMachine(
  service: TestService,
  { passphrase, source }: { passphrase?: string; source?: string } = {},
): Promise<BackedUpMachine> {
  const data = join(tempFolder(), "agent");
  const { machine } = await registerMachine({
    dataFolder: data,
    address: { url: service.address },
    productKey: service.first.productKeys.desktop,
    passphrase,
    name: "den",
    kind: "desktop",
  });
  return new BackedUpMachine(service, { id: machine, data, source });
}

/** A restore in the browser, with its calls. */
export class WebRestore {
  readonly service: TestService;
  readonly id: string;
  readonly #token: string;

  constructor(service: TestService, { id, token }: { id: string; token: string }) {
    this.service = service;
    this.id = id;
    this.#token = token;
  }

  call(
    name: "listEntries" | "searchEntries" | "listVersions" | "sizeFolder" | "createArchive",
    body: object,
  ): Promise<Answered> {
    return this.service.call(name, { token: this.#token, params: { webRestore: this.id }, body });
  }

  file(query: Record<string, string | number>, headers: Record<string, string> = {}): Promise<Answered> {
    return this.service.call("readFile", { token: this.#token, params: { webRestore: this.id }, query, headers });
  }

  async archive(body: object): Promise<{ id: string; path: string }> {
    const { json, status } = await this.call("createArchive", body);
    if (status !== 200) throw new Error(JSON.stringify(json));
    return { id: json.id, path: json.link.path };
  }

  async status(archive: string) {
    return (await this.service.call("getArchive", { token: this.#token, params: { archive } })).json;
  }

  download(path: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.service.address}${path}`, { ...(signal ? { signal } : {}) });
  }
}

export async function openWebRestore(service: TestService, machine: string, token?: string): Promise<WebRestore> {
  const known = token ?? (await service.logIn());
  const { json, status } = await service.call("openWebRestore", { token: known, params: { machine }, body: {} });
  if (status !== 200) throw new Error(JSON.stringify(json));
  return new WebRestore(service, { id: json.id, token: known });
}
