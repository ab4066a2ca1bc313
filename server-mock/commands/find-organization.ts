/** Organizations as people name them on the command line. */
import { HoldfastError } from "../../protocol/errors.ts";
import type { Domain } from "../domain/domain.ts";

/** The only one needs no name. Throws `organization/missing`, and `argument/invalid` when there are several and none was named. */
export async function findOrganization({ records }: Domain, name: string | undefined): Promise<string> {
  if (name !== undefined) {
    const found = await records.organizations.findByName(name);
    if (found === undefined) throw new HoldfastError("organization/missing");
    return found.id;
  }
  const [first, second] = await records.organizations.list({ limit: 2 });
  if (first === undefined) throw new HoldfastError("organization/missing");
  if (second === undefined) return first.id;
  throw new HoldfastError("argument/invalid", {
    argument: "--organization",
    reason: "there are several; name the one you mean",
  });
}
