/** Where this browser logged in last: a log-in that ends on a page inside the console goes on at the same place, and so does a link into it. */
const KEY = "holdfast.place";

/** A subdomain; undefined: the administrators' log-in. */
export const lastPlace = (): string | undefined => localStorage.getItem(KEY) ?? undefined;

export function keepPlace(organization: string | undefined): void {
  if (organization === undefined) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, organization);
}
