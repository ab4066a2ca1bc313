/** What may be done with all of some product keys at once. Activated and revoked ones stay as they are. */
import type { ProductKeyView } from "../../../../protocol/messages/product-keys.ts";

export interface KeyActs {
  readonly assign: boolean;
  readonly takeBack: boolean;
  readonly suspend: boolean;
  readonly resume: boolean;
  readonly revoke: boolean;
  /** Whose they all are. */
  readonly sendTo: { readonly id: string; readonly email: string } | undefined;
  readonly isNothing: boolean;
}

export function keyActs(keys: readonly Pick<ProductKeyView, "state" | "user" | "machine">[]): KeyActs {
  const isFree = keys.every(({ machine, state }) => machine === null && state !== "revoked");
  const user = keys[0]?.user ?? undefined;
  const isOnes = user !== undefined && keys.every((key) => key.user?.id === user.id);
  const all = (...states: readonly ProductKeyView["state"][]) => keys.every(({ state }) => states.includes(state));
  return {
    assign: isFree,
    takeBack: isFree && keys.every((key) => key.user !== null),
    suspend: isFree && all("unassigned", "assigned"),
    resume: isFree && all("suspended"),
    revoke: isFree,
    sendTo: isOnes && all("assigned") ? user : undefined,
    isNothing: !isFree,
  };
}
