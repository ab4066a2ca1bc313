/** Storage and licences of a group as a form has them: whole GB, empty for "no limit". */
import type { GroupPool } from "../../../../protocol/messages/groups.ts";
import type { PoolView } from "../../../../protocol/messages/organizations.ts";
import { fromGigabytes, toGigabytes } from "../../parts/gigabytes.ts";

export interface RoomValues {
  readonly kind: PoolView["kind"];
  readonly mode: PoolView["mode"];
  readonly limitGb: number | "";
  readonly overageGb: number | "";
  readonly devices: number | "";
}

export const KINDS = ["all", "desktop", "server"] as const;

export const NEW_ROOMS: readonly RoomValues[] = KINDS.map((kind) => ({
  kind,
  mode: "shared",
  limitGb: "",
  overageGb: 0,
  devices: "",
}));

/** In the order of `KINDS`: the service names a wrong field by its place. */
export const roomsOf = (pools: readonly PoolView[]): readonly RoomValues[] =>
  NEW_ROOMS.map((room) => {
    const pool = pools.find(({ kind }) => kind === room.kind);
    if (pool === undefined) return room;
    const { kind, mode, limitBytes, overageBytes, devices } = pool;
    return {
      kind,
      mode,
      limitGb: toGigabytes(limitBytes),
      overageGb: toGigabytes(overageBytes),
      devices: devices ?? "",
    };
  });

export const hasLimit = (mode: PoolView["mode"]): boolean => mode === "limited" || mode === "assigned";

/** What the API takes. Kinds that are not counted have licences only. */
export const poolsToSend = (rooms: readonly RoomValues[], counted: readonly PoolView["kind"][]): GroupPool[] =>
  rooms.map(({ kind, mode, limitGb, overageGb, devices }) => ({
    kind,
    ...(counted.includes(kind)
      ? {
          mode,
          // An empty field is refused beside itself.
          ...(hasLimit(mode) ? { limitBytes: fromGigabytes(limitGb), overageBytes: fromGigabytes(overageGb) } : {}),
        }
      : {}),
    ...(kind === "all" ? {} : { devices: devices === "" ? null : devices }),
  }));
