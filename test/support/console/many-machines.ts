/** An organization with very many machines, as rows: for lists that have to stay quick. */
import { accountRow } from "../rows.ts";
import type { TestService } from "../test-service.ts";
import { DAY, HOUR, idAt, insertMachine, machineId } from "./world-rows.ts";

const EACH = 25;

/** In the first organization: machines `m-00001` and so on, 25 of a user; one in twenty failed, one in thirty is late. */
export async function manyMachines(service: TestService, count: number): Promise<void> {
  const { records } = service.service.domain;
  const now = service.clock.now();
  const first = await records.accounts.findByLogin(service.first.user.email);
  if (first?.organization == null || first.userGroup === null) throw new Error("not a new service");
  const whose = { organization: first.organization, userGroup: first.userGroup };
  await records.transaction(async (stores) => {
    let account = "";
    for (let index = 1; index <= count; index++) {
      const number = String(index).padStart(5, "0");
      if (index % EACH === 1) {
        account = idAt(now - 300 * DAY);
        const email = `u-${number}@example.com`;
        await stores.accounts.insert(accountRow(account, { ...whose, email, login: email, name: `User ${number}` }));
      }
      const lastUpdateAt = now - (index % 30 === 0 ? 9 * DAY : (1 + (index % 20)) * HOUR);
      const failed = { lastFailureAt: now - HOUR / 2, lastFailureCode: "storage/failed" };
      await insertMachine(stores, {
        ...{ id: machineId(number), name: `m-${number}`, account, ...whose, os: "Debian 13", agentVersion: "1.0.0" },
        ...{ lastUpdateAt, lastSeenAt: now - (index % 50) * 60_000, createdAt: now - 200 * DAY },
        ...{ usedBytes: index * 1_000_000, fingerprint: machineId(`hardware ${number}`).repeat(2) },
        ...(index % 20 === 0 ? failed : {}),
      });
    }
  });
}
