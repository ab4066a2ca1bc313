/** `holdfast keys`: who can open this machine's backups, and how that changes. */
import { Argument, Option } from "commander";
import { type Define, examples } from "../define.ts";
import { changePassphrase, store, toCorporate, toCustom, toDefault } from "../key-changes.ts";
import { showKeys } from "../key-status.ts";
import { withOpeners } from "../openers.ts";
import { makeKit } from "../recovery-kit.ts";
import { withLogin, withPassphrase } from "../secrets.ts";

export const define: Define = (command, act) => {
  command.addHelpText(
    "after",
    examples([
      ["holdfast keys status", "kind of key, algorithms, who can open the backups"],
      ["holdfast keys recovery-kit", "24 words for paper: they open the backups when all else is forgotten"],
      ["holdfast keys to-custom", "from now on only your passphrase opens the backups; nothing is sent again"],
      ["holdfast keys change-passphrase --kit kit.txt", "a new passphrase for one that was forgotten"],
    ]),
  );
  const opening = (name: string, description: string) =>
    withOpeners(withPassphrase(withLogin(command.command(name).description(description))));
  const newPassphrase = () =>
    new Option("--new-passphrase-file <file>", "its first line is the new one (or HOLDFAST_NEW_PASSPHRASE, or typed)");

  command
    .command("status", { isDefault: true })
    .description("Kind of key, algorithms, who can open the backups.")
    .action(act(showKeys));
  command
    .command("store")
    .description("Where this machine's write keys and its token are. They add to the history, and open nothing.")
    .addArgument(new Argument("<where>").choices(["keystore", "file"]))
    .addHelpText(
      "after",
      examples([
        ["holdfast keys store keystore", "sealed; to be used while you are logged in to your desktop"],
        ["holdfast keys store file", "for a service that runs without anybody being logged in"],
      ]),
    )
    .action(act(store));
  opening("recovery-kit", "Show 24 words that open the backups, to be written down; then ask for some of them.")
    .option("--out <file>", "write them to a new file, with whose they are")
    .option("--words", "with --out: show them, too")
    .option("--no-check", "don't ask for words")
    .addHelpText(
      "after",
      examples([
        ["holdfast keys recovery-kit", "on a terminal: copy them to paper"],
        ["holdfast keys recovery-kit --out /media/usb/kit.txt", "on a stick that is kept elsewhere"],
        ["holdfast restore --kit kit.txt --to /tmp/back", "how it is used"],
      ]),
    )
    .action(act(makeKit));
  opening("change-passphrase", "Another passphrase for a custom key.")
    .addOption(newPassphrase())
    .addHelpText(
      "after",
      examples([
        ["holdfast keys change-passphrase", "asks for your log-in, the old and the new one"],
        ["holdfast keys change-passphrase --kit -", "the old one was forgotten: type the words of your recovery kit"],
      ]),
    )
    .action(act(changePassphrase));
  opening("to-custom", "Only your own passphrase opens the backups; nobody can reset it.")
    .addOption(newPassphrase())
    .addHelpText("after", examples([["holdfast keys to-custom", "asks for your log-in and a new passphrase"]]))
    .action(act(toCustom));
  opening("to-default", "The service keeps the key, for you and your administrators.")
    .addHelpText("after", examples([["holdfast keys to-default", "asks for your log-in and the passphrase there is"]]))
    .action(act(toDefault));
  opening("to-corporate", "Your organization's recovery key opens the backups, the service does not.")
    .option("--recovery-fingerprint <hex>", "of the organization's recovery certificate, as its administrator gave it")
    .addHelpText(
      "after",
      examples([["holdfast keys to-corporate --recovery-fingerprint 6187…", "asks for your log-in"]]),
    )
    .action(act(toCorporate));
};
