/** Posts to other people's web servers, as the rules see them. */

export interface HookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** `status` is there when there was an answer at all. */
export type HookOutcome =
  | { readonly kind: "delivered"; readonly status: number }
  | { readonly kind: "failed"; readonly status: number | null; readonly reason: string };

export interface Hooks {
  /** Never throws. Follows no redirect, reads no answer beyond its head. */
  send(call: HookCall): Promise<HookOutcome>;
  /** Why this URL is not allowed, if it isn't; names are looked up only when sending. */
  refusal(url: string): string | undefined;
}
