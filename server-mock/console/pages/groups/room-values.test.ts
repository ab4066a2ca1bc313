import { expect, test } from "vitest";
import { NEW_ROOMS, poolsToSend, roomsOf } from "./room-values.ts";

const pool = {
  kind: "all",
  mode: "limited",
  limitBytes: 5e9,
  overageBytes: null,
  usedBytes: 1,
  availableBytes: 4,
  devices: null,
  devicesFree: null,
} as const;

test("what is shown in a form is sent as it was", () => {
  expect(poolsToSend(roomsOf([pool]), ["all"])).toEqual([
    { kind: "all", mode: "limited", limitBytes: 5e9, overageBytes: null },
    { kind: "desktop", devices: null },
    { kind: "server", devices: null },
  ]);
});

test("a group that shares has no limit of its own, and kinds that don't count have licences only", () => {
  const rooms = NEW_ROOMS.map((room) => ({ ...room, limitGb: 7, devices: 3 }));
  expect(poolsToSend(rooms, ["desktop", "server"])).toEqual([
    { kind: "all" },
    { kind: "desktop", mode: "shared", devices: 3 },
    { kind: "server", mode: "shared", devices: 3 },
  ]);
});
