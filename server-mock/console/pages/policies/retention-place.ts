/** Whose retention it is, and the routes for it. */
import type { RetentionRule, RetentionView } from "../../../../protocol/messages/retention.ts";
import type { ApiError } from "../../api/api-error.ts";
import { useAct, useRead } from "../../api/hooks.ts";

export type RetentionPlace =
  | { readonly level: "organization"; readonly organization: string }
  | { readonly level: "group"; readonly group: string }
  | { readonly level: "machine"; readonly machine: string; readonly name: string };

export interface PlacedRetention {
  readonly view: RetentionView | undefined;
  readonly error: ApiError | null;
  readonly refetch: () => unknown;
  /** Asks for the password first, when it was given too long ago. Throws `ApiError`. */
  readonly save: (rule: RetentionRule) => Promise<RetentionView>;
}

export const holderOf = (place: RetentionPlace): string =>
  place.level === "organization" ? place.organization : place.level === "group" ? place.group : place.machine;

export function useRetention(place: RetentionPlace): PlacedRetention {
  const { level } = place;
  const [organization, group, machine] = (["organization", "group", "machine"] as const).map((each) =>
    level === each ? holderOf(place) : "",
  ) as [string, string, string]; // Three, as above.
  const ofOrganization = useRead(
    "getOrganizationRetention",
    { params: { organization } },
    { when: level === "organization" },
  );
  const ofGroup = useRead("getGroupRetention", { params: { group } }, { when: level === "group" });
  const ofMachine = useRead("getMachineRetention", { params: { machine } }, { when: level === "machine" });
  const setOrganization = useAct("setOrganizationRetention");
  const setGroup = useAct("setGroupRetention");
  const setMachine = useAct("setMachineRetention");
  const { data: view, error, refetch } = { organization: ofOrganization, group: ofGroup, machine: ofMachine }[level];
  return {
    view,
    error,
    refetch,
    save(body) {
      switch (level) {
        case "organization":
          return setOrganization.mutateAsync({ params: { organization }, body });
        case "group":
          return setGroup.mutateAsync({ params: { group }, body });
        case "machine":
          return setMachine.mutateAsync({ params: { machine }, body });
      }
    },
  };
}
