/** `holdfast keys status`: how this machine's backups are encrypted, since when, and who can open them. */
import { ownMachine, whereKeysAre } from "../agent/index.ts";
import type { Encryption, MachineView } from "../protocol/messages/machines.ts";
import type { Context } from "./context.ts";
import { shown } from "./names.ts";
import { facts } from "./table.ts";
import { moment } from "./units.ts";

const ALGORITHMS = "AES-256-GCM with keys from X25519 HPKE; names from HMAC-SHA-256; history signed with Ed25519";

const KINDS: Readonly<Record<Encryption, string>> = {
  default: "default: kept by the service",
  custom: "custom: your own passphrase",
  corporate: "corporate: your organization's recovery key",
};

export async function showKeys(context: Context): Promise<undefined> {
  const { terminal, dataFolder, timeZone } = context;
  const { remote, settings } = await ownMachine(dataFolder);
  const machine = await remote.machine();
  const { encryption, encryptionSince: since, vault } = machine;
  const whoCanOpen = openers(machine);
  const { recoveryKitAt } = settings;
  const store = await whereKeysAre(dataFolder);
  if (terminal.manner.json) {
    const kit = recoveryKitAt ?? null;
    terminal.json({
      encryption,
      since,
      algorithms: ALGORITHMS,
      vault: vault.id,
      whoCanOpen,
      recoveryKitAt: kit,
      store,
    });
    return;
  }
  terminal.lines(
    facts([
      ["key", KINDS[encryption]],
      ["since", moment(since, timeZone)],
      ["algorithms", ALGORITHMS],
      ["vault", vault.id],
      ["who can open", shown(whoCanOpen[0] ?? "")],
      ...whoCanOpen.slice(1).map((each) => ["", shown(each)] as const),
      ["recovery kit", recoveryKitAt === undefined ? "none was made on this machine" : moment(recoveryKitAt, timeZone)],
      ["write keys", store === "file" ? `in ${shown(dataFolder)}` : "sealed, their key in the system's keystore"],
    ]),
  );
  if (encryption === "default")
    terminal.note("With `holdfast keys to-custom` not even the service's operator could read this machine's files.");
  if (recoveryKitAt === undefined && encryption === "custom")
    terminal.note(
      "Make a recovery kit: `holdfast keys recovery-kit`. It opens the backups when all else is forgotten.",
    );
}

function openers({ encryption, user, organization }: MachineView): string[] {
  const kit = "whoever has a recovery kit of this machine, if one was made";
  switch (encryption) {
    case "custom":
      return ["whoever knows the passphrase; not the service, not an administrator", kit];
    case "corporate":
      return [`whoever at ${organization} has its recovery key; not the service, not ${user.email} alone`, kit];
    case "default":
      return [
        `${user.email}, after logging in`,
        `administrators of ${organization}, after logging in; each release is in the audit list`,
        "whoever runs the service and has its key-encryption key",
        kit,
        "not this machine by itself: it can add to its history, never read it",
      ];
  }
}
