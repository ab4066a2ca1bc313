/** `holdfast orders`: restores that somebody ordered on this machine. None runs by itself. */
import { listOrders, refuseOrder } from "../../agent/index.ts";
import type { OrderView } from "../../protocol/messages/restore-orders.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type Column, table } from "../table.ts";
import { count, moment } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .option("--refuse <id>", "say no to one: whoever ordered it sees that")
    .addHelpText(
      "after",
      examples([
        ["holdfast orders", "what waits"],
        ["holdfast restore --order 0191…", "run one; asks for the log-in, and the passphrase if there is one"],
        ["holdfast restore --order 0191… --dry-run", "look first what it would do"],
        ["holdfast orders --refuse 0191…", "don't run it"],
      ]),
    )
    .action(act(run));
};

async function run(context: Context, { refuse }: { refuse?: string }): Promise<undefined> {
  const { terminal, dataFolder } = context;
  if (refuse !== undefined) {
    await refuseOrder({ dataFolder }, refuse);
    if (terminal.manner.json) terminal.json({ refused: refuse });
    else terminal.line("Refused.");
    return;
  }
  const orders = await Array.fromAsync(listOrders({ dataFolder }));
  if (terminal.manner.json) for (const order of orders) terminal.json(order);
  else if (orders.length === 0) terminal.note("None.");
  else terminal.lines(table(columns(context), orders));
}

const columns = ({ timeZone }: Context): Column<OrderView>[] => [
  { title: "ordered", value: (row) => moment(row.requestedAt, timeZone) },
  { title: "by", value: (row) => shown(row.requestedBy) },
  { title: "state", value: (row) => row.state },
  { title: "snapshot", align: "right", value: (row) => `#${row.snapshot}` },
  { title: "paths", align: "right", value: (row) => count(row.paths.length) },
  { title: "to", value: (row) => (row.target.kind === "original" ? "where they were" : shown(row.target.path)) },
  { title: "run it with", value: (row) => row.command },
];
