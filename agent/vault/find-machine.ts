/** Which machine somebody means, among those whose files they may restore: by id, by name, or the only one. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { ConsoleRemote } from "../remote/remote.ts";

const ID = /^[0-9a-f]{32}$/;
const NAMED_MAX = 10;

/** Gives the id. Throws `machine/unknown-name`, `machine/several`. */
export async function findMachine(
  account: Pick<ConsoleRemote, "machines">,
  wanted: string | undefined,
): Promise<string> {
  if (wanted !== undefined && ID.test(wanted)) return wanted;
  const found: { id: string; name: string }[] = [];
  for await (const { id, name, deletedAt } of account.machines(wanted)) {
    if (deletedAt !== null || (wanted !== undefined && name.toLowerCase() !== wanted.toLowerCase())) continue;
    found.push({ id, name });
    if (found.length > NAMED_MAX) break;
  }
  const exact = found.filter(({ name }) => name === wanted);
  const [machine, ...more] = exact.length > 0 ? exact : found;
  if (machine === undefined) throw new HoldfastError("machine/unknown-name", { name: wanted ?? "your log-in" });
  if (more.length === 0) return machine.id;
  const named = [machine, ...more].slice(0, NAMED_MAX).map(({ id, name }) => `${name} (${id})`);
  throw new HoldfastError("machine/several", { name: wanted ?? "your log-in", machines: named.join(", ") });
}
