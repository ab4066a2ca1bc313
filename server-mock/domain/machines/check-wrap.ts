/** Of a default wrap the service can see that it opens. What it can't open, it would notice at the first restore. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { Wrap } from "../../../protocol/messages/machines.ts";
import type { VaultRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";

/** `field`: where the request has it. Throws `request/malformed`. */
export async function checkWrap(
  { keys }: Domain,
  { wrap, field }: { readonly wrap: Wrap; readonly field: string },
  vault: Pick<VaultRow, "id" | "epoch" | "readKey">,
): Promise<void> {
  if (wrap.kind !== "default") return;
  await keys.openWrap(wrap, vault).catch((error: unknown) => {
    const reason = error instanceof HoldfastError ? String(error.data.reason) : "its wrap does not open";
    throw new HoldfastError("request/malformed", { reason: `${field}: ${reason}`, field }, { cause: error });
  });
}
