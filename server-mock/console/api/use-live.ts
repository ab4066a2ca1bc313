/**
 * What is shown is read again where something has changed: one cheap question every few seconds, instead of all of them. While the page isn't seen,
 * nothing is asked.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ChangeArea, Changes } from "../../../protocol/messages/events.ts";
import type { RouteName } from "../../../protocol/routes.ts";
import { call } from "./client.ts";

/** Which routes to read again, by area; `growing`: while backups run, whose numbers grow without an event. */
export type LiveRoutes = Readonly<Partial<Record<ChangeArea | "growing", readonly RouteName[]>>>;

interface Listener {
  readonly organization: string | undefined;
  routes(): LiveRoutes;
}

/** Several parts of a page ask together: whichever does, all of them hear the answer. */
const listeners = new Set<Listener>();

/** `organization`: of a top-level admin, only this one's. Answers how many backups are running, as far as it is known. */
export function useLive(routes: LiveRoutes, organization?: string): number | undefined {
  const client = useQueryClient();
  const queryKey = ["changes", organization];
  const shown = useRef(routes);
  useEffect(() => {
    shown.current = routes;
  });
  useEffect(() => {
    const listener: Listener = { organization, routes: () => shown.current };
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, [organization]);
  const { data } = useQuery<Changes>({
    queryKey,
    queryFn: async ({ signal }) => {
      const query = { after: client.getQueryData<Changes>(queryKey)?.cursor, organization };
      const answer = await call("changes", { query, signal });
      const hearing = [...listeners].filter((each) => each.organization === organization);
      const named = new Set<string>(hearing.flatMap((each) => namesFor(answer, each.routes())));
      if (named.size > 0)
        await client.invalidateQueries({ predicate: ({ queryKey: [name] }) => named.has(String(name)) });
      return answer;
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
    refetchInterval: ({ state }) => 1000 * (state.data?.waitSeconds ?? 10),
  });
  return data?.runningBackups;
}

function namesFor({ areas, isReset, runningBackups }: Changes, routes: LiveRoutes): readonly RouteName[] {
  const lists = Object.entries(routes) as [keyof LiveRoutes, readonly RouteName[]][]; // Its own keys.
  const isNews = (area: keyof LiveRoutes) =>
    isReset || (area === "growing" ? runningBackups > 0 : areas.includes(area));
  return lists.flatMap(([area, names]) => (isNews(area) ? names : []));
}
