/** What agents are told to do, or how long backups are kept, was changed. */
import type { RecordStores } from "../../records/records.ts";
import type { Domain } from "../domain.ts";
import { emit } from "./emit.ts";

export interface ChangedPolicy {
  readonly what: "configuration" | "retention";
  readonly organization: string;
  readonly level: "organization" | "group" | "machine";
  /** Id of the organization, group or machine. */
  readonly holder: string;
  readonly name: string;
  readonly by: string;
  readonly userGroup?: string | undefined;
  readonly account?: string | undefined;
}

/** In the transaction that changes it. */
export const tellPolicy = (
  domain: Domain,
  stores: RecordStores,
  { what, organization, level, holder, name, by, userGroup, account }: ChangedPolicy,
): Promise<void> =>
  emit(domain, stores, {
    ...{ organization, userGroup, account },
    machine: level === "machine" ? holder : undefined,
    kind: "policy.changed",
    detail: { what, level, name, by },
  });
