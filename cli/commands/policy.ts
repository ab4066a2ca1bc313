/** `holdfast policy`: what holds on this machine, who says so, and whether the service says otherwise by now. */
import { type OwnPolicyState, policyState, takePolicyNow } from "../../agent/index.ts";
import { timeSince } from "../../base/time-since.ts";
import { configLines } from "../config-text.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { facts, table } from "../table.ts";
import { moment } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--take", "take over at once what the service says now; a running agent does so by itself")
    .option("--offline", "don't ask the service")
    .addHelpText(
      "after",
      examples([
        ["holdfast policy", "each value, who says it, and what is locked"],
        ["holdfast policy --take", "on a machine where no agent runs"],
        ["holdfast policy --json", "the same, for scripts"],
        ["holdfast settings set schedule daily 21:30", "change what is not locked"],
      ]),
    )
    .action(act(run));
};

interface Options {
  readonly take?: boolean;
  readonly offline?: boolean;
}

async function run(context: Context, { take, offline }: Options): Promise<undefined> {
  const { terminal, dataFolder, clock, signal } = context;
  if (take) await takePolicyNow(dataFolder, { clock, signal });
  const state = await policyState(dataFolder, { ask: !take && !offline });
  if (terminal.manner.json) {
    const { config, kept, service, trouble } = state;
    terminal.json({
      config,
      policy: kept === undefined ? null : { tag: kept.tag, holders: kept.holders, ...times(kept) },
      service: take ? "same" : service,
      trouble: trouble === undefined ? null : { code: trouble.code, message: trouble.message },
    });
    return;
  }
  terminal.lines(
    facts([
      ["policy", keptText(context, state)],
      ["service", take ? "says the same" : serviceText(state)],
    ]),
  );
  terminal.line();
  terminal.lines(
    table(
      [
        { title: "setting", value: ({ setting }) => setting },
        { title: "value", value: ({ value }) => shown(value) },
        { title: "said by", value: ({ saidBy }) => shown(saidBy) },
        { title: "", value: ({ isLocked }) => (isLocked ? "locked" : "") },
      ],
      configLines(state.config, state.kept?.holders),
    ),
  );
}

type Kept = NonNullable<OwnPolicyState["kept"]>;

const times = ({ receivedAt, takenAt }: Kept) => ({
  receivedAt: new Date(receivedAt).toISOString(),
  takenAt: takenAt === null ? null : new Date(takenAt).toISOString(),
});

function keptText({ clock, timeZone }: Context, { kept }: OwnPolicyState): string {
  if (kept === undefined) return "none yet: this machine's own settings and defaults hold";
  const taken = kept.takenAt === null ? "; the service does not know yet that it holds here" : "";
  return `taken ${timeSince(kept.receivedAt, clock.now())} (${moment(kept.receivedAt, timeZone)})${taken}`;
}

function serviceText({ service, trouble, kept }: OwnPolicyState): string {
  switch (service) {
    case "same":
      return "says the same";
    case "newer":
      return kept === undefined
        ? "has one; a running agent takes it within minutes, or `holdfast policy --take`"
        : "has a newer one; a running agent takes it within minutes, or `holdfast policy --take`";
    case "unknown":
      return trouble === undefined ? "not asked" : `not asked: ${shown(trouble.message)}`;
  }
}
