/** `holdfast machines`: whose files a log-in may restore; from any computer. */
import { listMachines } from "../../agent/index.ts";
import type { MachineItem } from "../../protocol/messages/lists.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { type ServiceOptions, serviceOf, withService } from "../open-history.ts";
import { readLogin } from "../secrets.ts";
import { table } from "../table.ts";
import { moment, size } from "../units.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      examples([
        ["holdfast machines", "those of whoever logs in; an administrator sees more"],
        ["holdfast machines --service https://backup.example.org:8470 --email ann@example.org", "from a new computer"],
        ["holdfast restore --machine laptop ~/documents --to /tmp/back", "then get files of one of them"],
        ["holdfast browse --machine laptop", "or look around first"],
      ]),
    )
    .action(act(run));
  withService(command);
};

async function run(context: Context, options: ServiceOptions): Promise<undefined> {
  const { terminal, timeZone } = context;
  const { address, email } = await serviceOf(context, options);
  const login = await readLogin(context, options, email);
  const machines = await Array.fromAsync(listMachines({ address, ...login }));
  if (terminal.manner.json) {
    for (const machine of machines) terminal.json(machine);
    return;
  }
  if (machines.length === 0) {
    terminal.note("None.");
    return;
  }
  terminal.lines(
    table(
      [
        { title: "machine", value: (row: MachineItem) => shown(row.name) },
        { title: "of", value: (row) => shown(row.user.email) },
        { title: "system", value: (row) => shown(row.os) },
        { title: "last update", value: (row) => (row.lastUpdateAt ? moment(row.lastUpdateAt, timeZone) : "never") },
        { title: "storage", align: "right", value: (row) => size(row.usedBytes) },
        { title: "key", value: (row) => row.encryption },
        { title: "id", value: (row) => row.id },
      ],
      machines,
    ),
  );
}
