import type { ComponentType } from "react";
import type { Capability } from "../../../protocol/capabilities.ts";

export interface PageProps {
  /** What stands in the address, like `id`. */
  readonly params: Readonly<Record<string, string>>;
}

/** A page as data: where it is, for whom, and how it is loaded. */
export interface PageRow {
  /** As in `paths.ts`, with `:id` for what differs. */
  readonly path: string;
  /** Absent: for both. */
  readonly who?: "admin" | "user" | "all";
  /** Of admins; users need none for what is their own. */
  readonly needs?: Capability;
  readonly load: () => Promise<ComponentType<PageProps>>;
}
