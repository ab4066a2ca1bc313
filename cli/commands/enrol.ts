/** `holdfast enrol`: for deployment tools: registers, sets, installs and starts, all in one go and as often as one likes. */
import { installUnit } from "../../agent/index.ts";
import type { Context } from "../context.ts";
import { type Define, examples } from "../define.ts";
import { shown } from "../names.ts";
import { enrolSilently, type SilentOptions } from "../silent-enrolment.ts";
import { unitOptions } from "../unit-scope.ts";

interface Options extends SilentOptions {
  readonly service: boolean;
  readonly user?: boolean;
  readonly system?: boolean;
}

export const define: Define = (command, act) => {
  command
    .option("--from <file>", "what this machine is told, as JSON or NAME=value; - is the standard input")
    .option("--wipe", "take keys and passwords out of the file when the machine is registered")
    .option("--no-service", "don't install the agent's unit: a container or another init runs `holdfast run`")
    .option("--system", "start with the machine, as root (default for root)")
    .option("--user", "start with your log-in (default for everybody else)")
    .addHelpText(
      "after",
      `
Registers this machine, sets what the file says, installs the agent's unit and starts it. Nobody is asked anything. What is
done is not done twice: a registered machine stays as it is, settings that its owner made stay.

In the file or the environment: HOLDFAST_SERVICE, HOLDFAST_PRODUCT_KEY (or an enrolment code; or HOLDFAST_EMAIL and
HOLDFAST_PASSWORD), HOLDFAST_FINGERPRINT, HOLDFAST_RECOVERY_FINGERPRINT, HOLDFAST_PASSPHRASE, HOLDFAST_NAME, HOLDFAST_KIND,
HOLDFAST_ROOTS (with : between, on Windows ;), HOLDFAST_SCHEDULE. In JSON: service, key, email, password, fingerprint,
recoveryFingerprint, passphrase, name, kind, roots, schedule, and settings as in settings.json.

Exit codes: 0 done, or it was already; 2 the file is wrong; 3 enrolled, but the unit could not be installed; 4 refused, such as
a key that is used up; 6 registered elsewhere; 7 the service can't be reached: try again later.
${examples([
  ["holdfast enrol --from /etc/holdfast/enrol.json --wipe", "with a file that a deployment tool put there"],
  ["HOLDFAST_SERVICE=… HOLDFAST_PRODUCT_KEY=… holdfast enrol --no-service", "in a container"],
])}`,
    )
    .action(act(enrol));
};

async function enrol(context: Context, { service, from, wipe, ...scope }: Options): Promise<undefined> {
  const { terminal } = context;
  const wanted = unitOptions(context, scope);
  const done = await enrolSilently(context, { from, wipe });
  if (!terminal.manner.json) terminal.line(enrolmentText(done));
  const unit = service ? await installUnit(wanted) : undefined;
  if (terminal.manner.json) terminal.json({ ...done, unit: unit?.unit ?? null });
  else if (unit) terminal.line(`The agent runs: ${shown(unit.unit)}`);
}

export function enrolmentText({ name, service, isNew, changed }: Awaited<ReturnType<typeof enrolSilently>>): string {
  const set = changed.length === 0 ? "" : `; set: ${changed.join(", ")}`;
  return `${shown(name)} ${isNew ? "is registered" : "was registered already"} with ${shown(service)}${set}`;
}
