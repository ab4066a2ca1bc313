/** Kinds of alerts, for filters. */
import { text } from "../../messages/messages.ts";

export const ALERT_KIND_NAMES: readonly { readonly value: string; readonly label: string }[] = Object.entries(
  text.alerts.kinds,
).map(([value, label]) => ({ value, label }));
