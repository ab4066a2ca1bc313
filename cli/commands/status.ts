/** `holdfast status`: what is protected, the last backup, the next one, problems and what to do: from the agent when it runs, else from the service. */
import { type AgentStatus, askAgent, ownMachine } from "../../agent/index.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import type { MachineView } from "../../protocol/messages/machines.ts";
import { statusLines, textOf } from "../agent-status.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { facts } from "../table.ts";
import { moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--service", "ask the service, also when the agent runs")
    .addHelpText(
      "after",
      `\nThe running agent answers at once, also without the service; without an agent the service is asked.\n${examples(
        [
          ["holdfast status", "what is protected, the last backup, the next one, what needs you"],
          [
            "holdfast status --json",
            "for a monitor: `agent` is null when none runs; look at troubles and lastUpdateAt",
          ],
          ["holdfast status --service", "this machine as the service sees it"],
        ],
      )}`,
    )
    .action(act(run));
};

async function run(context: Context, { service = false }: { readonly service?: boolean }): Promise<undefined> {
  const { terminal, dataFolder, timeZone } = context;
  const agent = service ? undefined : await agentStatus(context);
  if (agent) {
    if (terminal.manner.json) terminal.json({ agent });
    else terminal.lines(statusLines(agent, textOf(terminal, timeZone)));
    return;
  }
  const { settings, remote } = await ownMachine(dataFolder);
  const machine = await remote.machine();
  if (terminal.manner.json) {
    terminal.json({ ...machine, service: settings.service.url, roots: settings.roots, agent: null });
    return;
  }
  terminal.lines(facts(rows(context, machine, settings)));
  if (!service)
    terminal.note("No agent runs here: backups are made by `holdfast backup` only. `holdfast run` starts one.");
}

/** `undefined`: none runs here. */
async function agentStatus({ dataFolder, signal }: Context): Promise<AgentStatus | undefined> {
  try {
    for await (const answer of askAgent(dataFolder, { op: "status" }, signal))
      if (answer.kind === "status") return answer.status;
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "agent/not-running") throw error;
  }
  return undefined;
}

type OwnSettings = Awaited<ReturnType<typeof ownMachine>>["settings"];

function rows(context: Context, machine: MachineView, settings: OwnSettings): [string, string][] {
  const { terminal, dataFolder, timeZone } = context;
  const when = (at: string | null) => (at === null ? "never" : moment(at, timeZone));
  const last = machine.lastUpdateAt === null ? terminal.style("yellow", "never") : when(machine.lastUpdateAt);
  return [
    ["machine", `${shown(machine.name)} (${machine.id}), ${machine.kind}, ${machine.state}`],
    ["service", shown(settings.service.url)],
    ["user", shown(`${machine.user.name} <${machine.user.email}>, ${machine.organization}`)],
    ["last update", last],
    ["last seen", when(machine.lastSeenAt)],
    ["snapshots", machine.vault.sequence === 0 ? "none" : `up to #${machine.vault.sequence}`],
    ["quota", quotaOf(machine)],
    ["encryption", ENCRYPTION[machine.encryption]],
    ["folders", settings.roots.map((root) => shown(root)).join(", ") || "none yet"],
    ["data", shown(dataFolder)],
  ];
}

const ENCRYPTION: Readonly<Record<MachineView["encryption"], string>> = {
  default: "key kept by the service",
  custom: "your own passphrase",
  corporate: "your organization's recovery key",
};

function quotaOf({ quota }: MachineView): string {
  const used = `${size(quota.usedBytes)} used`;
  if (quota.limitBytes === null) return `${used}, no limit`;
  const left = quota.availableBytes === null ? "" : `, ${size(quota.availableBytes)} left`;
  return `${used} of ${size(quota.limitBytes)}${left}`;
}
