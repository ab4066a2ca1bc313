/** `holdfast keys status`: how this machine's backups are encrypted, and who can open them. */
import { ownMachine } from "../../agent/index.ts";
import type { MachineView } from "../../protocol/messages/machines.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { facts } from "../table.ts";

export const define: Define = (command, act) => {
  command.addHelpText(
    "after",
    examples([["holdfast keys status", "kind of key, algorithms, who can open the backups"]]),
  );
  command
    .command("status", { isDefault: true })
    .description("Kind of key, algorithms, who can open the backups.")
    .action(act(run));
};

const ALGORITHMS = "AES-256-GCM with keys from X25519 HPKE; names from HMAC-SHA-256; history signed with Ed25519";

async function run(context: Context): Promise<undefined> {
  const { terminal, dataFolder } = context;
  const { remote } = await ownMachine(dataFolder);
  const machine = await remote.machine();
  const whoCanOpen = openers(machine);
  if (terminal.manner.json) {
    terminal.json({ encryption: machine.encryption, algorithms: ALGORITHMS, vault: machine.vault.id, whoCanOpen });
    return;
  }
  terminal.lines(
    facts([
      ["key", machine.encryption === "custom" ? "custom: your own passphrase" : "default: kept by the service"],
      ["algorithms", ALGORITHMS],
      ["vault", machine.vault.id],
      ["who can open", shown(whoCanOpen[0] ?? "")],
      ...whoCanOpen.slice(1).map((each) => ["", shown(each)] as const),
    ]),
  );
  if (machine.encryption === "default")
    terminal.note("With `register --own-passphrase` not even the service's operator could read a machine's files.");
}

function openers({ encryption, user, organization }: MachineView): string[] {
  if (encryption === "custom") return ["whoever knows the passphrase; not the service, not an administrator"];
  return [
    `${user.email}, after logging in`,
    `administrators of ${organization}, after logging in; each release is in the audit list`,
    "whoever runs the service and has its key-encryption key",
    "not this machine by itself: it can add to its history, never read it",
  ];
}
