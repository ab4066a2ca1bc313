/** What the test world has going on today: running backups, restores, alerts, events, product keys, the audit log. */
import { sha256 } from "../../../base/digest.ts";
import type { EventKind } from "../../../protocol/events.ts";
import type { AlertRow } from "../../../server-mock/records/notice-rows.ts";
import type { RecordStores } from "../../../server-mock/records/records.ts";
import type { RestoreRow } from "../../../server-mock/records/rows.ts";
import type { ConsoleWorld, WorldMachine } from "./world.ts";
import { backupRow, DAY, HOUR, idAt } from "./world-rows.ts";

const MINUTE = 60_000;

export interface NoticesOf extends Pick<ConsoleWorld, "machines" | "groups"> {
  readonly organization: string;
  readonly now: number;
  /** Account. */
  readonly admin: string;
}

export async function insertNotices(stores: RecordStores, world: NoticesOf): Promise<void> {
  await insertRunning(stores, world);
  await insertRestores(stores, world);
  await insertAlerts(stores, world);
  await insertEvents(stores, world);
  await insertKeys(stores, world);
  await insertAudit(stores, world);
}

const named = ({ machines }: NoticesOf, name: string): WorldMachine => {
  const found = machines.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
};

async function insertRunning(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization } = world;
  for (const [name, minutes, files, gigabytes] of [
    ["srv-db-01", 48, 5210, 212],
    ["maria-studio", 6, 48_200, 61],
    ["cad-02", 2, 8100, 3],
  ] as const) {
    const machine = named(world, name);
    const vault = await stores.vaults.findByMachine(machine.id);
    const row = backupRow({ id: machine.id, organization }, now - minutes * MINUTE, {
      ...{ endedAt: null, state: "running", result: null, type: name === "cad-02" ? "Manual" : "Scheduled" },
      ...{ files, bytes: gigabytes * 1_000_000_000, filesEncoded: Math.round(files / 40) },
      ...{ bytesEncoded: gigabytes * 31_000_000, filesTransferred: Math.round(files / 44) },
      bytesTransferred: gigabytes * 29_000_000,
    });
    await stores.backups.insert(row);
    await stores.sessions.insert({
      id: idAt(now - minutes * MINUTE),
      vault: vault?.number ?? 0,
      machine: machine.id,
      fence: 1,
      idempotencyKey: idAt(now),
      state: "open",
      leaseUntil: now + 365 * DAY,
      backup: row.id,
      intent: null,
      openedAt: now - minutes * MINUTE,
    });
  }
}

async function insertRestores(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization } = world;
  const rows: readonly (readonly [name: string, hours: number, more: Partial<RestoreRow>])[] = [
    ["srv-files", 310, { source: "cli", filesRequested: 1820, filesRetrieved: 1820, bytes: 42_000_000_000 }],
    ["office-04", 170, { source: "web", purpose: "archive", filesRequested: 4, filesRetrieved: 4, bytes: 8_200_000 }],
    [
      "cad-05",
      96,
      { filesRequested: 380, filesRetrieved: 377, bytes: 6_100_000_000, status: "incomplete", code: "chunk/lost" },
    ],
    ["shop-floor-4", 75, { source: "agent", status: "cancelled", filesRequested: 90, filesRetrieved: 12 }],
    [
      "maria-laptop",
      52,
      { source: "web", purpose: "archive", filesRequested: 31, filesRetrieved: 31, bytes: 640_000_000 },
    ],
    ["srv-erp", 30, { source: "cli", status: "failed", filesRequested: 12, code: "pack/missing" }],
    ["maria-studio", 7, { source: "agent", filesRequested: 2, filesRetrieved: 2, bytes: 91_000_000 }],
    [
      "maria-studio",
      2,
      {
        source: "web",
        purpose: "archive",
        status: "ready",
        filesRequested: 214,
        filesRetrieved: 214,
        bytes: 3_900_000_000,
      },
    ],
    [
      "cad-08",
      1,
      {
        source: "web",
        purpose: "archive",
        status: "running",
        filesRequested: 1400,
        filesRetrieved: 512,
        bytes: 2_300_000_000,
      },
    ],
  ];
  for (const [name, hours, more] of rows) {
    const machine = named(world, name);
    const requestedAt = now - hours * HOUR;
    const status = more.status ?? "completed";
    await stores.restores.insert({
      id: idAt(requestedAt),
      ...{
        organization,
        machine: machine.id,
        requestedBy: machine.user.email,
        source: "agent",
        purpose: "restore",
        requestedAt,
      },
      ...{ finishedAt: status === "running" ? null : requestedAt + 11 * MINUTE, expiresAt: now + 7 * DAY },
      ...{ filesRequested: 4, filesRetrieved: 0, bytes: 0, code: null, status, ...more },
    });
  }
}

const CAUSES: Readonly<Record<string, readonly [cause: string, message: string]>> = {
  failing: ["failing", "Its backups have failed since 2026-11-18 04:49 UTC."],
  late: ["late", "It is online, but no backup was started."],
  never: ["never", "It is online, but was never backed up."],
  offline: ["offline", "It has been offline for more than three days."],
};

async function insertAlerts(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization, groups } = world;
  const alert = (machine: WorldMachine, openedAt: number, more: Partial<AlertRow>): AlertRow => ({
    id: idAt(openedAt),
    ...{ organization, userGroup: groups[machine.user.group], account: machine.user.id, machine: machine.id },
    ...{ kind: "machine.overdue", subject: machine.name, cause: "late", message: "", detail: "{}" },
    openKey: `machine.overdue/${machine.id}`,
    ...{ openedAt, repeatedAt: Math.max(openedAt, now - 3 * MINUTE), repeats: 14 },
    ...{ acknowledgedAt: null, acknowledgedBy: null, closedAt: null },
    ...more,
  });
  let hours = 90;
  for (const machine of world.machines) {
    const [cause, message] = CAUSES[machine.status] ?? [];
    if (cause === undefined || message === undefined) continue;
    hours -= 5;
    const isFull = machine.name === "cad-03";
    const seen = ["office-05", "cad-11"].includes(machine.name);
    await stores.alerts.insert(
      alert(machine, now - hours * HOUR, {
        ...{ cause: isFull ? "quota-full" : cause, message: isFull ? "Its storage quota is full." : message },
        ...(seen ? { acknowledgedAt: now - (hours - 3) * HOUR, acknowledgedBy: "admin@holdfast.example" } : {}),
      }),
    );
  }
  const [full, old] = [named(world, "cad-03"), named(world, "office-01")];
  await stores.alerts.insert(
    alert(full, now - 20 * HOUR, {
      ...{ kind: "quota.exceeded", subject: `User ${full.user.email}`, machine: null, cause: "quota" },
      openKey: `quota.exceeded/${full.user.id}`,
      message: "400 GB of 400 GB are used; backups are refused until there is room.",
    }),
  );
  const closed = { openKey: null, closedAt: now - 26 * HOUR, cause: "offline", message: CAUSES.offline?.[1] ?? "" };
  await stores.alerts.insert(alert(old, now - 120 * HOUR, closed));
}

async function insertEvents(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization, groups } = world;
  const rows: readonly (readonly [EventKind, machine: string, minutes: number, detail?: object])[] = [
    ["machine.backup-failed", "cad-03", 640, { code: "quota/exceeded" }],
    ["quota.exceeded", "cad-03", 639, { subject: "User aisha.rahman@northwind.example" }],
    ["machine.backup-incomplete", "office-02", 600, { code: "file/unreadable" }],
    ["machine.backup-failed", "srv-erp", 520, { code: "storage/failed" }],
    ["machine.backup-succeeded", "srv-files", 500],
    ["restore.requested", "maria-studio", 420],
    ["user.created", "shop-floor-9", 300],
    ["machine.registered", "office-17", 290],
    ["machine.backup-failed", "shop-floor-2", 200, { code: "root/missing" }],
    ["restore.requested", "maria-studio", 120],
    ["policy.changed", "office-01", 95, { name: "Northwind Fabrication" }],
    ["restore.requested", "cad-08", 60],
  ];
  for (const [kind, name, minutes, detail = {}] of rows) {
    const machine = named(world, name);
    const at = now - minutes * MINUTE;
    const isOfMachine = kind.startsWith("machine.") || kind.startsWith("restore.");
    await stores.events.insert({
      id: idAt(at),
      ...{ organization, kind, at, machine: isOfMachine ? machine.id : null },
      account: kind === "policy.changed" ? null : machine.user.id,
      userGroup: kind === "policy.changed" ? null : groups[machine.user.group],
      ...{ detail: JSON.stringify(detail), handledAt: at },
    });
  }
}

/** Most machines were activated with one; some wait. */
async function insertKeys(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization, groups } = world;
  const endings = ["K7QFW", "9XHTR", "B4MNC", "WZ3PD", "H8VGY", "T2KXA"];
  const key = (index: number) => ({
    id: idAt(now - (300 - index * 3) * DAY),
    digest: sha256(Buffer.from(`key ${index}`)),
    lastGroup: `${endings[index % endings.length]?.slice(0, 4)}${"ABCDEFGHJKMNPQRSTVWXYZ23456789"[index % 30]}`,
    ...{ kind: "desktop" as const, organization, revokedAt: null, suspendedAt: null, version: 1 },
    ...{ userGroup: groups.Office, account: null, machine: null, sentAt: null, activatedAt: null },
    createdAt: now - (300 - index * 3) * DAY,
  });
  for (const [index, machine] of world.machines.slice(0, 40).entries()) {
    const row = key(index);
    await stores.productKeys.insert({
      ...row,
      ...{ kind: machine.kind, userGroup: groups[machine.user.group], account: machine.user.id, machine: machine.id },
      ...{ sentAt: row.createdAt, activatedAt: row.createdAt + DAY },
    });
    await stores.machines.change(machine.id, { productKey: row.lastGroup });
  }
  for (let index = 40; index < 56; index++) {
    const owner = world.machines[index];
    const assigned = index < 46 && owner !== undefined;
    const whose = assigned
      ? { account: owner.user.id, userGroup: groups[owner.user.group], sentAt: now - 9 * DAY }
      : {};
    const kind = index % 5 === 4 && !assigned ? ("server" as const) : ("desktop" as const);
    await stores.productKeys.insert({ ...key(index), kind, ...whose });
  }
}

async function insertAudit(stores: RecordStores, world: NoticesOf): Promise<void> {
  const { now, organization } = world;
  const maria = named(world, "maria-studio").user;
  const rows: readonly (readonly [hours: number, action: string, subject: string, detail: string, account?: string])[] =
    [
      [760, "groups/create", "Design", ""],
      [700, "product-keys/create", "20 desktop keys", "for group Office"],
      [610, "users/create", "chiara.romano@northwind.example", "group Office"],
      [480, "roles/create", "Help desk", "users.view, machines.view, restores.view"],
      [
        400,
        "machines/move",
        "travel-laptop-2",
        "from daniel.moreau@northwind.example to chiara.romano@northwind.example",
      ],
      [336, "organizations/change", "Northwind Fabrication", "storage 9 TB → 12 TB"],
      [200, "users/act-as", maria.email, "for 30 minutes", maria.id],
      [150, "machines/change", "shop-floor-11", "suspended"],
      [96, "machines/delete", "old-scanner", "can be brought back for 14 days"],
      [50, "users/change", maria.email, "name", maria.id],
      [26, "alerts/acknowledge", "office-05", "machine.overdue"],
      [5, "users/create", "emre.yilmaz@northwind.example", "group Workshop"],
      [2, "policies/change", "Northwind Fabrication", "desktop: schedules, bandwidth"],
    ];
  for (const [hours, action, subject, detail, account = null] of rows)
    await stores.audit.insert({
      ...{ organization, at: now - hours * HOUR, actor: "admin@holdfast.example", action, subject, detail },
      ...{ address: "198.51.100.24", account },
    });
}
