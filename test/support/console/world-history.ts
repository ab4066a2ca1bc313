/** What a machine of the test world has behind it: runs, snapshots, what it stores. */
import type { RecordStores } from "../../../server-mock/records/records.ts";
import type { BackupRow, MachineRow } from "../../../server-mock/records/rows.ts";
import type { MachinePlan } from "./world-people.ts";
import { backupRow, DAY, HOUR, machineId, numbersFrom } from "./world-rows.ts";

/** Those that pages look at closely have all of the 90 days. */
const LONG_DAYS = 90;
const SHORT_DAYS = 14;
const LONG: readonly string[] = ["maria-studio", "maria-laptop", "srv-files", "srv-erp"];

const MESSAGES: Readonly<Record<string, string>> = {
  "storage/failed": "The service's storage failed.",
  "quota/exceeded": "The user quota is full: 400 GB of 400 GB used, 2.1 GB more wanted.",
  "key/unavailable": "The machine's key can't be read.",
  "root/missing": "The folder D:\\Jobs can't be found.",
};

export interface Past {
  readonly lastUpdateAt: number | null;
  readonly lastFailureAt: number | null;
  readonly lastFailureCode: string | null;
  readonly lastSeenAt: number | null;
  readonly createdAt: number;
  readonly usedBytes: number;
}

/** Pure: how a machine of this status looks now. */
export function pastOf({ name, status, kind, failure }: MachinePlan, now: number): Past {
  const some = numbersFrom(name.length * 7919 + name.charCodeAt(name.length - 1) * 104_729);
  const usedBytes = (kind === "server" ? 180 + some(520) : 12 + some(150)) * 1_000_000_000 + some(1_000_000_000);
  const fresh = { lastFailureAt: null, lastFailureCode: null, createdAt: now - (120 + some(500)) * DAY, usedBytes };
  const lastNight = now - (1 + some(13)) * HOUR - some(3_000_000);
  switch (status) {
    case "failing":
      return {
        ...fresh,
        lastUpdateAt: lastNight - 3 * DAY,
        lastFailureAt: lastNight,
        lastFailureCode: failure ?? null,
        lastSeenAt: lastNight,
      };
    case "late":
      return { ...fresh, lastUpdateAt: lastNight - (4 + some(5)) * DAY, lastSeenAt: now - 20 * 60_000 };
    case "never":
      return {
        ...fresh,
        lastUpdateAt: null,
        lastSeenAt: now - HOUR,
        createdAt: now - (5 + some(4)) * DAY,
        usedBytes: 0,
      };
    case "offline":
    case "deleted": {
      const gone = lastNight - (6 + some(30)) * DAY;
      return { ...fresh, lastUpdateAt: gone, lastSeenAt: gone + HOUR };
    }
    default:
      return { ...fresh, lastUpdateAt: lastNight, lastSeenAt: now - some(30) * 60_000 };
  }
}

/** A run each night, or several a day; some found files that could not be read. */
export async function insertRuns(
  stores: RecordStores,
  machine: MachineRow,
  { plan, vault, now }: { readonly plan: MachinePlan; readonly vault: number; readonly now: number },
): Promise<void> {
  if (machine.lastUpdateAt === null) return;
  const some = numbersFrom(plan.name.length * 31 + vault * 7919);
  const isLong = LONG.includes(plan.name);
  const days = isLong ? LONG_DAYS : SHORT_DAYS;
  let sequence = 0;
  let files = 20_000 + some(180_000);
  for (let back = days; back >= 0; back--) {
    const startedAt = machine.lastUpdateAt - back * DAY - 10 * 60_000;
    // Now and then a machine is switched off over night.
    if (startedAt < machine.createdAt || (back > 0 && some(17) === 0)) continue;
    files += some(90);
    const state = back === 0 ? "success" : pick(some(100));
    const row = runOf(machine, { startedAt, state, files, some, isContinuous: plan.user === 0 });
    if (state === "success" || state === "incomplete") sequence += 1;
    const snapshot = state === "success" || state === "incomplete" ? sequence : null;
    await stores.backups.insert({ ...row, snapshot });
    if (snapshot === null || !isLong) continue;
    await stores.snapshots.insert({
      vault,
      sequence,
      record: machineId(`${machine.id} ${sequence}`).repeat(2),
      root: Buffer.alloc(32, sequence),
      receivedAt: row.endedAt ?? startedAt,
      claimedAt: startedAt,
      incomplete: state === "incomplete" ? 1 : 0,
      files: row.files,
      bytes: row.bytes,
      receipt: Buffer.alloc(8),
    });
  }
  await stores.vaults.change(vault, { sequence });
  const { lastFailureAt, lastFailureCode: result } = machine;
  if (lastFailureAt === null || result === null) return;
  for (let back = 2; back >= 0; back--)
    await stores.backups.insert(
      backupRow(machine, lastFailureAt - back * DAY - 4 * 60_000, {
        endedAt: lastFailureAt - back * DAY,
        ...{ state: "failed", result, message: MESSAGES[result] ?? null },
        ...{ files: 1200, bytes: 900_000_000, filesEncoded: 14, bytesEncoded: 21_000_000 },
      }),
    );
  if (now < lastFailureAt) throw new Error("a run of tomorrow");
}

const pick = (roll: number): BackupRow["state"] =>
  roll < 90 ? "success" : roll < 95 ? "incomplete" : roll < 98 ? "failed" : "cancelled";

interface RunPlan {
  readonly startedAt: number;
  readonly state: BackupRow["state"];
  readonly files: number;
  readonly some: (end: number) => number;
  readonly isContinuous: boolean;
}

function runOf(machine: MachineRow, { startedAt, state, files, some, isContinuous }: RunPlan): BackupRow {
  const [changed, perFile] = [40 + some(900), 60_000 + some(900_000)];
  const sent = state === "cancelled" ? 0 : changed;
  const counters = {
    files,
    bytes: machine.usedBytes + some(4_000_000_000),
    filesEncoded: changed,
    bytesEncoded: changed * perFile,
    filesTransferred: sent,
    bytesTransferred: Math.round(sent * perFile * 0.93),
  };
  const row = backupRow(machine, startedAt, {
    ...counters,
    type: isContinuous ? "Continuous" : some(12) === 0 ? "Manual" : "Scheduled",
    endedAt: startedAt + 120_000 + some(2_400_000),
    state,
  });
  switch (state) {
    case "incomplete":
      return { ...row, result: "file/unreadable", message: "3 files can't be read.", ...problemsOf(machine) };
    case "failed":
      return { ...row, result: "service/unreachable", message: "The service can't be reached." };
    case "cancelled":
      return { ...row, result: "backup/cancelled", message: "The backup was stopped." };
    default:
      return row;
  }
}

const problemsOf = ({ name }: MachineRow): Pick<BackupRow, "problemCount" | "problems"> => {
  const problems = ["Outlook.pst", "~$plan.docx", "locked.db"].map((file) => ({
    path: `/home/${name}/Documents/${file}`,
    code: "file/unreadable",
    message: `/home/${name}/Documents/${file} can't be read: it is in use by another program.`,
  }));
  return { problemCount: problems.length, problems: JSON.stringify(problems) };
};
