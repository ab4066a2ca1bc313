/** What to do about an alert. */
import type { AlertView } from "../../../../protocol/messages/alerts.ts";
import { text } from "../../messages/messages.ts";

const { advice } = text.alerts;

/** An overdue machine's cause says more than that it is overdue. */
export function adviceOn({ kind, cause }: Pick<AlertView, "kind" | "cause">): string {
  return kind === "machine.overdue" && isKnown(cause) ? advice[cause] : advice[kind];
}

const isKnown = (cause: string): cause is keyof typeof advice => cause in advice;
