/** The machines whose files somebody may restore, from a computer that need not be one of them. */
import type { MachineItem } from "../protocol/messages/lists.ts";
import { consoleRemote, publicRemote } from "./remote/http-remote.ts";
import type { Login } from "./remote/remote.ts";
import type { ServiceAddress } from "./remote/service-address.ts";

/** By name. Logs in, and out again. */
export async function* listMachines({
  address,
  ...login
}: Login & { address: ServiceAddress }): AsyncGenerator<MachineItem> {
  const { token } = await publicRemote(address).login(login);
  const account = consoleRemote(address, token);
  try {
    for await (const machine of account.machines()) if (machine.deletedAt === null) yield machine;
  } finally {
    await account.logout().catch(() => undefined);
  }
}
