/** Says to the agent that runs on this machine, if one does, that what it reads has changed. */
import { askAgent } from "./control-client.ts";

/** Whoever does not answer by then finds the change by itself, within half a minute. */
const PATIENCE_MS = 2000;

/** Never throws: what was changed is changed. */
export async function tellAgent(dataFolder: string): Promise<void> {
  try {
    const answers = askAgent(dataFolder, { op: "reload" }, AbortSignal.timeout(PATIENCE_MS));
    for await (const answer of answers) if (answer.kind === "done") return;
  } catch {
    // Nobody runs, or it is busy.
  }
}
