/** `holdfast status`: this machine as the service sees it. */
import { ownMachine } from "../../agent/index.ts";
import type { MachineView } from "../../protocol/messages/machines.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { facts } from "../table.ts";
import { moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      examples([
        ["holdfast status", "name, quota, last update"],
        ["holdfast status --json", "for a monitor: compare lastUpdateAt with now"],
      ]),
    )
    .action(act(run));
};

async function run(context: Context): Promise<undefined> {
  const { terminal, dataFolder, timeZone } = context;
  const { settings, remote } = await ownMachine(dataFolder);
  const machine = await remote.machine();
  if (terminal.manner.json) {
    terminal.json({ ...machine, service: settings.service.url, roots: settings.roots });
    return;
  }
  const when = (at: string | null) => (at === null ? "never" : moment(at, timeZone));
  const last = machine.lastUpdateAt === null ? terminal.style("yellow", "never") : when(machine.lastUpdateAt);
  terminal.lines(
    facts([
      ["machine", `${shown(machine.name)} (${machine.id}), ${machine.kind}, ${machine.state}`],
      ["service", shown(settings.service.url)],
      ["user", shown(`${machine.user.name} <${machine.user.email}>, ${machine.organization}`)],
      ["last update", last],
      ["last seen", when(machine.lastSeenAt)],
      ["snapshots", machine.vault.sequence === 0 ? "none" : `up to #${machine.vault.sequence}`],
      ["quota", quotaOf(machine)],
      ["encryption", machine.encryption === "custom" ? "your own passphrase" : "key kept by the service"],
      ["folders", settings.roots.map((root) => shown(root)).join(", ") || "none yet"],
      ["data", shown(dataFolder)],
    ]),
  );
}

function quotaOf({ quota }: MachineView): string {
  const used = `${size(quota.usedBytes)} used`;
  if (quota.limitBytes === null) return `${used}, no limit`;
  const left = quota.availableBytes === null ? "" : `, ${size(quota.availableBytes)} left`;
  return `${used} of ${size(quota.limitBytes)}${left}`;
}
