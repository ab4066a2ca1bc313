/** `holdfast-server updates`: new versions of the agent, for agents to fetch. */
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { Command } from "commander";
import { sha256Stream } from "../../base/digest.ts";
import { systemReason } from "../../base/system-reason.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { parseManifest } from "../../protocol/messages/updates.ts";
import { type GivenFile, newestManifest, putUpdate } from "../domain/updates/updates.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, withDomain } from "./with-domain.ts";

export function updatesCommand(): Command {
  const updates = new Command("updates").description("new versions of the agent, signed by whoever publishes them");
  updates
    .command("put <manifest> [files...]")
    .description("hand this version out; agents check its signature, not the service")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .action(put);
  updates
    .command("show")
    .description("what is handed out")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .action(show);
  return updates;
}

async function put(manifest: string, files: string[], options: DataOption): Promise<void> {
  const bytes = await readFile(manifest).catch(unreadable(manifest));
  const given = await Promise.all(files.map(fileAt));
  await withDomain(options, async (domain) => {
    const { version, serial, expiresAt } = await putUpdate(domain, OPERATOR, bytes, given);
    console.log(`${version} (serial ${serial}) is handed out until ${expiresAt}`);
  });
}

const show = (options: DataOption): Promise<void> =>
  withDomain(options, async (domain) => {
    const newest = await newestManifest(domain);
    const manifest = newest && parseManifest(newest.bytes)?.manifest;
    console.log(manifest ? JSON.stringify(manifest, null, 2) : "none");
  });

async function fileAt(path: string): Promise<GivenFile> {
  const digest = sha256Stream();
  const { size: sizeBytes } = await stat(path).catch(unreadable(path));
  for await (const piece of createReadStream(path)) digest.update(piece);
  return { name: basename(path), sha256: digest.digest("hex"), sizeBytes, open: () => createReadStream(path) };
}

const unreadable =
  (path: string) =>
  (cause: unknown): never => {
    throw new HoldfastError("argument/invalid", { argument: path, reason: systemReason(cause) }, { cause });
  };
