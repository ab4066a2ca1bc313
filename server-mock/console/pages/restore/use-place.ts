/** What is looked at stands in the address: date, folder, search. A reload and the browser's Back show the same again. */
import { useLocation, useSearch } from "wouter";
import type { EntriesRequest } from "../../../../protocol/messages/web-restore.ts";
import { ROOT } from "./spelled-path.ts";

export interface Place {
  /** Absent: the newest one. */
  readonly snapshot: number | undefined;
  /** An instant, where a link comes from elsewhere: the newest snapshot until then. */
  readonly at: string | undefined;
  readonly folder: string;
  readonly search: string;
  /** The search looks into this folder only. */
  readonly isBelowHere: boolean;
  readonly hasDeleted: boolean;
  readonly order: EntriesRequest["order"];
}

export interface PlaceState extends Place {
  /** The address with these changes: for links. */
  hrefOf(changes: Partial<Place>): string;
  /** `replace`: the way back leads past it. */
  go(changes: Partial<Place>, options?: { readonly replace?: boolean }): void;
}

export function usePlace(): PlaceState {
  const [path, navigate] = useLocation();
  const place = placeOf(new URLSearchParams(useSearch()));
  const hrefOf = (changes: Partial<Place>): string => {
    const query = queryOf({ ...place, ...changes });
    return query.size === 0 ? path : `${path}?${query}`;
  };
  return {
    ...place,
    hrefOf,
    go: (changes, { replace = false } = {}) => navigate(hrefOf(changes), { replace }),
  };
}

function placeOf(query: URLSearchParams): Place {
  const sequence = Number(query.get("snapshot"));
  const at = query.get("at") ?? "";
  return {
    snapshot: Number.isSafeInteger(sequence) && sequence > 0 ? sequence : undefined,
    at: Number.isNaN(Date.parse(at)) ? undefined : at,
    folder: query.get("folder") || ROOT,
    search: query.get("search") ?? "",
    isBelowHere: query.has("below"),
    hasDeleted: query.has("deleted"),
    order: query.get("order") === "name" ? "name" : "folders-first",
  };
}

const queryOf = ({ snapshot, at, folder, search, isBelowHere, hasDeleted, order }: Place): URLSearchParams =>
  new URLSearchParams({
    ...(snapshot === undefined ? {} : { snapshot: String(snapshot) }),
    ...(at === undefined ? {} : { at }),
    ...(folder === ROOT ? {} : { folder }),
    ...(search === "" ? {} : { search }),
    ...(isBelowHere ? { below: "1" } : {}),
    ...(hasDeleted ? { deleted: "1" } : {}),
    ...(order === "name" ? { order } : {}),
  });
