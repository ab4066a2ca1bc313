/** Which kinds of events somebody may read: as the rows that they are about. */
import type { Capability } from "../../../protocol/capabilities.ts";
import { EVENT_KINDS, type EventKind } from "../../../protocol/events.ts";
import type { ConsoleCaller } from "../access/callers.ts";

const NEEDS: Readonly<Record<string, Capability>> = {
  machine: "machines.view",
  quota: "machines.view",
  user: "users.view",
  policy: "policies.view",
  restore: "restores.view",
  alert: "alerts.view",
  webhook: "organization.view",
};

/** People read all of their own, but what only admins try. */
export function seesKind({ scope, capabilities }: ConsoleCaller, kind: EventKind): boolean {
  const [area = ""] = kind.split(".");
  if (scope.account !== undefined) return area !== "webhook";
  const needed = NEEDS[area];
  return needed !== undefined && capabilities.has(needed);
}

export const kindsFor = (caller: ConsoleCaller): EventKind[] => EVENT_KINDS.filter((kind) => seesKind(caller, kind));
