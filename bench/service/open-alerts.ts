/** The alerts that a service with these machines has open since long: what is overdue was noticed before the measurement begins. */
import { alertKey } from "../../server-mock/domain/alerts/alerts.ts";
import { overdueCause } from "../../server-mock/domain/alerts/silence.ts";
import type { MachineRow } from "../../server-mock/records/rows.ts";
import type { Row } from "./population.ts";

/** The default of organizations. */
const OVERDUE_MS = 3 * 24 * 3_600_000;

export function* openAlerts(machines: Iterable<Row>, now: number): Generator<Row> {
  const before = now - OVERDUE_MS;
  for (const row of machines) {
    const machine = row as unknown as MachineRow; // As `population.ts` made it.
    if (machine.deletedAt !== null || (machine.lastUpdateAt ?? machine.createdAt) >= before) continue;
    const { cause, message } = overdueCause(machine, undefined, { before, now });
    const { id, organization, userGroup, account, name } = machine;
    yield {
      id: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      ...{ organization, userGroup, account, machine: id, kind: "machine.overdue", subject: name },
      ...{ openKey: alertKey("machine.overdue", id), cause, message, detail: "{}" },
      ...{ openedAt: now, repeatedAt: now, repeats: 0, acknowledgedAt: null, acknowledgedBy: null, closedAt: null },
    };
  }
}
