/** Where a policy is said, and the routes for it. */
import type { PolicySettings, PolicyView } from "../../../../protocol/messages/policies.ts";
import type { ApiError } from "../../api/api-error.ts";
import { useAct, useRead } from "../../api/hooks.ts";

export type PolicyPlace =
  | { readonly level: "organization"; readonly kind: "desktop" | "server" }
  | { readonly level: "group"; readonly group: string; readonly kind: "desktop" | "server" }
  | { readonly level: "machine"; readonly machine: string };

export interface PlacedPolicy {
  readonly view: PolicyView | undefined;
  readonly error: ApiError | null;
  readonly refetch: () => unknown;
  /** Throws `ApiError`. */
  readonly save: (settings: PolicySettings, ifMatch: number) => Promise<PolicyView>;
}

export function usePolicy(place: PolicyPlace): PlacedPolicy {
  const { level } = place;
  const kind = level === "machine" ? "desktop" : place.kind;
  const group = level === "group" ? place.group : "";
  const machine = level === "machine" ? place.machine : "";
  const ofOrganization = useRead("getPolicy", { params: { kind } }, { when: level === "organization" });
  const ofGroup = useRead("getGroupPolicy", { params: { group, kind } }, { when: level === "group" });
  const ofMachine = useRead("getMachinePolicy", { params: { machine } }, { when: level === "machine" });
  const put = useAct("putPolicy");
  const putGroup = useAct("putGroupPolicy");
  const putMachine = useAct("putMachinePolicy");
  const { data: view, error, refetch } = { organization: ofOrganization, group: ofGroup, machine: ofMachine }[level];
  return {
    view,
    error,
    refetch,
    save(settings, ifMatch) {
      const body = { settings };
      switch (level) {
        case "organization":
          return put.mutateAsync({ params: { kind }, body, ifMatch });
        case "group":
          return putGroup.mutateAsync({ params: { group, kind }, body, ifMatch });
        case "machine":
          return putMachine.mutateAsync({ params: { machine }, body, ifMatch });
      }
    },
  };
}
