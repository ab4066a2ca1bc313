/** `holdfast update`: what the agent does by itself a few times a day, now. */
import { updateNow } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";

export const define: Define = (command, act) => {
  command
    .addHelpText(
      "after",
      `
A newer version is taken when its publisher has signed it with a key that was built in or stands in the setting updateKeys,
when auto-update is on (\`holdfast policy\`), and when no other version is pinned. Only the single file replaces itself; an
installed package is renewed as it was installed. The version before stays beside it as holdfast.previous.
${examples([["holdfast update", "says what is there, and puts it in place"]])}`,
    )
    .action(act(update));
};

async function update({ terminal, dataFolder, clock, signal }: Context): Promise<undefined> {
  const outcome = await updateNow(dataFolder, { clock, signal });
  if (terminal.manner.json) {
    terminal.json(outcome);
    return;
  }
  switch (outcome.kind) {
    case "off":
      terminal.line("Updates are off: by the policy or the settings, or because no publisher's key is trusted here");
      break;
    case "none":
      terminal.line("There is nothing newer");
      break;
    case "stay":
      terminal.line(`${outcome.version} is there; this machine stays: ${BECAUSE[outcome.because]}`);
      break;
    case "told":
      terminal.line(`${outcome.version} is there: install it as this one was installed`);
      break;
    case "placed":
      terminal.line(`${outcome.version} is in place`);
      terminal.note("A running agent takes it with its next start: holdfast install-service");
  }
}

const BECAUSE = {
  newest: "it has the newest",
  pinned: "the policy pins another version",
  "no-file": "there is no file for this kind of machine",
  "too-old": "it is too old to go there in one step",
} as const;
