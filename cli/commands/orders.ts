/** `holdfast orders`: restores that somebody ordered on this machine, and the folders into which they may run unasked. */
import { resolve } from "node:path";
import { approveRoot, findSettings, listOrders, refuseOrder, withdrawRoot } from "../../agent/index.ts";
import type { OrderNote, OrderView } from "../../protocol/messages/restore-orders.ts";
import { type Context, optionError } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type Column, table } from "../table.ts";
import { count, moment } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--refuse <id>", "say no to one: whoever ordered it sees that")
    .option("--approve <folder>", "let orders into this folder, and below, run without anybody here being asked")
    .option("--withdraw <folder>", "not any more")
    .addHelpText(
      "after",
      examples([
        ["holdfast orders", "what waits"],
        ["holdfast restore --order 0191…", "run one; asks for the log-in, and the passphrase if there is one"],
        ["holdfast restore --order 0191… --dry-run", "look first what it would do"],
        ["holdfast orders --refuse 0191…", "don't run it"],
        [
          "holdfast orders --approve /srv/restores",
          "from now on `holdfast run` restores there what is ordered; nothing there is replaced, and no key comes here",
        ],
        ["holdfast orders --withdraw /srv/restores", "orders wait for somebody here again"],
      ]),
    )
    .action(act(run));
};

interface Options {
  readonly refuse?: string;
  readonly approve?: string;
  readonly withdraw?: string;
}

async function run(context: Context, { refuse, approve, withdraw }: Options): Promise<undefined> {
  const { terminal, dataFolder } = context;
  if ([refuse, approve, withdraw].filter((each) => each !== undefined).length > 1)
    throw optionError(context, "--refuse, --approve, --withdraw", "one at a time");
  if (refuse !== undefined) {
    await refuseOrder({ dataFolder }, refuse);
    if (terminal.manner.json) terminal.json({ refused: refuse });
    else terminal.line("Refused.");
    return;
  }
  if (approve !== undefined) return tellRoots(context, await approveRoot(dataFolder, resolve(approve)));
  if (withdraw !== undefined) return tellRoots(context, await withdrawRoot(dataFolder, resolve(withdraw)));
  const orders = await Array.fromAsync(listOrders({ dataFolder }));
  if (terminal.manner.json) for (const order of orders) terminal.json(order);
  else if (orders.length === 0) terminal.note("None.");
  else terminal.lines(table(columns(context), orders));
  const { restoreRoots = [] } = (await findSettings(dataFolder)) ?? {};
  if (restoreRoots.length > 0)
    terminal.note(`Run unasked by \`holdfast run\`: into ${restoreRoots.map(shown).join(", ")}`);
}

function tellRoots({ terminal }: Context, approved: readonly string[]): undefined {
  if (terminal.manner.json) terminal.json({ approved });
  else if (approved.length === 0) terminal.line("Orders wait for somebody here.");
  else
    terminal.lines([
      "Orders into these folders run without anybody here being asked:",
      ...approved.map((each) => `  ${shown(each)}`),
    ]);
}

const columns = ({ timeZone }: Context): Column<OrderView>[] => [
  { title: "ordered", value: (row) => moment(row.requestedAt, timeZone) },
  { title: "by", value: (row) => shown(row.requestedBy) },
  { title: "state", value: (row) => row.state },
  { title: "snapshot", align: "right", value: (row) => `#${row.snapshot}` },
  { title: "paths", align: "right", value: (row) => count(row.paths.length) },
  { title: "to", value: (row) => (row.target.kind === "original" ? "where they were" : shown(row.target.path)) },
  { title: "waits because", value: ({ note }) => (note === null ? "" : WAITS[note]) },
  { title: "run it with", value: (row) => row.command },
];

const WAITS: Readonly<Record<OrderNote, string>> = {
  "nothing-approved": "no folder is approved",
  "not-approved": "not into an approved folder",
  replaces: "it replaces what is there",
  "own-key": "it takes the passphrase",
};
