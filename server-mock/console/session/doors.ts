/** Addresses before a log-in: an organization's place, `/o/<name>`, links of mails, the administrators' `/login`. */

export type DoorPage = "log-in" | "forgot-password" | "activate" | "reset-password";

export interface Door {
  /** The subdomain that stands in the address. */
  readonly organization: string | undefined;
  /** Without the place: where it leads inside the console. */
  readonly rest: string;
  /** undefined: a page of the console, which comes after the log-in. */
  readonly page: DoorPage | undefined;
}

const PLACE = /^\/o\/([^/]+)(\/.*)?$/;
const PAGES: Readonly<Record<string, DoorPage>> = {
  "/login": "log-in",
  "/forgot-password": "forgot-password",
  "/activate": "activate",
  "/reset-password": "reset-password",
};

export function doorOf(path: string): Door {
  const [, organization, after = "/"] = PLACE.exec(path) ?? [undefined, undefined, path];
  // Two slashes would lead to another host.
  const rest = after.replace(/^[/\\]+/, "/");
  return { organization, rest, page: PAGES[rest] };
}

/** A link of a mail sets a password, whoever is logged in here. */
export const isLink = ({ page }: Door): boolean => page === "activate" || page === "reset-password";

/** Where somebody who is logged in belongs; undefined: there already. */
export function insideOf(path: string): string | undefined {
  const door = doorOf(path);
  if (isLink(door)) return undefined;
  if (door.page !== undefined) return "/";
  return door.organization === undefined ? undefined : door.rest;
}
