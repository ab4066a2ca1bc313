/**
 * The quota tree's arithmetic: what an organization's room must hold and what a group's may be. What is Assigned to a group is taken out of the
 * organization's room whether it is used or not; all other groups share the rest. Bytes promised to uploads on their way count as used.
 */
import type { PoolRow } from "../../records/rows.ts";
import type { GroupRoom } from "../../records/tree.ts";

/** What a limit may be; both ends are named when it is not. */
export interface Allowed {
  readonly minimum: number;
  /** null: there is no end. */
  readonly maximum: number | null;
}

/** What all groups together leave of an organization's limit to whatever is not Assigned. */
export const sharedLimit = (limitBytes: number | null, rooms: readonly GroupRoom[]): number | null =>
  limitBytes === null ? null : Math.max(0, limitBytes - sum(rooms.map(assignedBytes)));

/** What an organization's room must hold now: used, promised, or Assigned. */
export const organizationHeld = (rooms: readonly GroupRoom[]): number =>
  sum(rooms.map((room) => (room.mode === "assigned" ? assignedBytes(room) : room.heldBytes)));

/** What is used in, or granted to, everything below. */
export function organizationMinimum(rooms: readonly GroupRoom[]): number {
  const rest = rooms.filter(({ mode }) => mode !== "assigned");
  return sum(rooms.map(assignedBytes)) + Math.max(sum(rest.map(({ heldBytes }) => heldBytes)), largestCap(rest));
}

/** Of a group's limit in a mode, beside the other groups. `limitBytes` is the organization's. */
export function groupAllowed(
  room: GroupRoom,
  mode: PoolRow["mode"],
  { limitBytes, others }: { limitBytes: number | null; others: readonly GroupRoom[] },
): Allowed {
  const minimum = Math.max(room.heldBytes, room.largestLimit);
  if (mode === "none") return { minimum, maximum: 0 };
  if (limitBytes === null) return { minimum, maximum: null };
  const left = limitBytes - sum(others.map(assignedBytes));
  const rest = others.filter((each) => each.mode !== "assigned");
  const restHeld = sum(rest.map(({ heldBytes }) => heldBytes));
  const maximum = mode === "assigned" ? left - Math.max(restHeld, largestCap(rest)) : left;
  return { minimum, maximum: Math.max(0, maximum) };
}

/** Whether a group can draw on the shared rest with what it holds, as one that gives its own room back does. */
export function fitsShared(
  room: GroupRoom,
  { limitBytes, others }: { limitBytes: number | null; others: readonly GroupRoom[] },
): boolean {
  if (limitBytes === null) return true;
  const left = limitBytes - sum(others.map(assignedBytes));
  const rest = others.filter((each) => each.mode !== "assigned");
  return room.largestLimit <= left && room.heldBytes + sum(rest.map(({ heldBytes }) => heldBytes)) <= left;
}

/** An Assigned group that stores more than its limit, within its overage, holds that. */
const assignedBytes = ({ mode, limitBytes, heldBytes }: GroupRoom): number =>
  mode === "assigned" ? Math.max(limitBytes ?? 0, heldBytes) : 0;

/** The most that any one of these groups, its users or machines was granted. */
const largestCap = (rooms: readonly GroupRoom[]): number =>
  Math.max(
    0,
    ...rooms.map(({ mode, limitBytes, largestLimit }) =>
      Math.max(largestLimit, mode === "limited" ? (limitBytes ?? 0) : 0),
    ),
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
