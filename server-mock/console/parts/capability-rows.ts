/** Capabilities as a table of areas and verbs. */
import type { Capability } from "../../../protocol/capabilities.ts";

export const VERBS = ["view", "create", "edit", "delete", "act-as"] as const;
export type Verb = (typeof VERBS)[number];

export interface CapabilityRow {
  readonly area: string;
  readonly verbs: Readonly<Partial<Record<Verb, Capability>>>;
}

/** In the order that is given. */
export function capabilityRows(capabilities: readonly Capability[]): readonly CapabilityRow[] {
  const rows = new Map<string, Partial<Record<Verb, Capability>>>();
  for (const capability of capabilities) {
    const [area = "", verb] = capability.split(".");
    const known = VERBS.find((each) => each === verb);
    if (known !== undefined) rows.set(area, { ...rows.get(area), [known]: capability });
  }
  return [...rows].map(([area, verbs]) => ({ area, verbs }));
}

/** Whoever may change something sees it; who doesn't see it changes nothing. */
export function toggled(
  { verbs }: CapabilityRow,
  verb: Verb,
  isWanted: boolean,
  chosen: readonly string[],
): readonly string[] {
  const own: readonly string[] = Object.values(verbs);
  const now = new Set(chosen.filter((each) => own.includes(each)));
  const named = verbs[verb];
  if (named === undefined) return chosen;
  if (isWanted) {
    now.add(named);
    if (verbs.view !== undefined) now.add(verbs.view);
  } else if (verb === "view") now.clear();
  else now.delete(named);
  return [...chosen.filter((each) => !own.includes(each)), ...own.filter((each) => now.has(each))];
}

/** Of an organization; the others are the service's. */
export const isOfOrganization = (capability: Capability): boolean => !/^(organizations|service)\./.test(capability);
