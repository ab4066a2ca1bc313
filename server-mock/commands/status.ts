/** `holdfast-server status`: every machine with its last update, most wanted first: who is late. */
import { Command } from "commander";
import type { Domain } from "../domain/domain.ts";
import type { MachineRow } from "../records/rows.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, print, withDomain } from "./with-domain.ts";

const MACHINES_PER_QUERY = 500;

export const statusCommand = (): Command =>
  new Command("status")
    .description("machines and their last update, the oldest first")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--json", "for programs")
    .action(({ json = false, ...data }: DataOption & { json?: boolean }) =>
      withDomain(data, async (domain) => print(await rowsOf(domain), json)),
    );

async function rowsOf(domain: Domain) {
  const machines: MachineRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = await domain.records.machines.list({ limit: MACHINES_PER_QUERY, after }, {});
    machines.push(...page);
    after = page.at(-1)?.id;
    if (page.length < MACHINES_PER_QUERY) break;
  }
  machines.sort((a, b) => (a.lastUpdateAt ?? 0) - (b.lastUpdateAt ?? 0));
  const rows = [];
  for (const machine of machines) {
    const user = await domain.records.accounts.find(machine.account);
    rows.push({
      machine: machine.name,
      user: user?.login ?? "",
      kind: machine.kind,
      state: machine.state,
      usedBytes: machine.usedBytes,
      lastUpdate: shown(machine.lastUpdateAt),
      lastSeen: shown(machine.lastSeenAt),
    });
  }
  return rows;
}

const shown = (at: number | null): string => (at === null ? "N/A" : new Date(at).toISOString());
