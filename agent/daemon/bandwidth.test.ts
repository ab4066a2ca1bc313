import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Bandwidth } from "../../protocol/messages/policies.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { RateLimit } from "../remote/rate-limit.ts";
import { rateAt } from "./bandwidth.ts";
import { BandwidthKeeper } from "./bandwidth-keeper.ts";

const KIB = 1024;
const at = (hour: number, minute = 0, second = 0): number => Date.UTC(2026, 10, 20, hour, minute, second); // A Friday.

const OFFICE: Bandwidth = {
  hours: [
    { weekdays: ["friday"], from: "12:00", to: "13:00", uploadBytesPerSecond: null, downloadBytesPerSecond: null },
    {
      weekdays: ["thursday", "friday"],
      from: "08:00",
      to: "18:00",
      uploadBytesPerSecond: 100 * KIB,
      downloadBytesPerSecond: 500 * KIB,
    },
  ],
  uploadBytesPerSecond: 2000 * KIB,
  downloadBytesPerSecond: null,
};

test("the first hours that fit count, and the rest of the week has its own rate", () => {
  expect(rateAt({ bandwidth: OFFICE }, at(9), "UTC")).toEqual({
    uploadBytesPerSecond: 100 * KIB,
    downloadBytesPerSecond: 500 * KIB,
    untilMs: at(12),
  });
  expect(rateAt({ bandwidth: OFFICE }, at(12), "UTC")).toMatchObject({
    uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  });
  expect(rateAt({ bandwidth: OFFICE }, at(18), "UTC")).toMatchObject({
    uploadBytesPerSecond: 2000 * KIB,
    downloadBytesPerSecond: Number.POSITIVE_INFINITY,
  });
});

test("hours are those of the machine's own time", () => {
  expect(rateAt({ bandwidth: OFFICE }, at(7), "Europe/Berlin")).toMatchObject({ uploadBytesPerSecond: 100 * KIB });
});

test("of the week's rate and the machine's own limit the lower one holds", () => {
  const limits = { bandwidth: OFFICE, uploadLimit: 200 * KIB, downloadLimit: 1000 * KIB };
  expect(rateAt(limits, at(9), "UTC")).toMatchObject({
    uploadBytesPerSecond: 100 * KIB,
    downloadBytesPerSecond: 500 * KIB,
  });
  expect(rateAt(limits, at(20), "UTC")).toMatchObject({
    uploadBytesPerSecond: 200 * KIB,
    downloadBytesPerSecond: 1000 * KIB,
  });
});

test("nothing said is no limit, for good", () => {
  expect(rateAt({ bandwidth: undefined }, at(9), "UTC")).toEqual({
    uploadBytesPerSecond: Number.POSITIVE_INFINITY,
    downloadBytesPerSecond: Number.POSITIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
  });
});

test("an upload under way changes its pace when an hour ends, and when somebody says so", async () => {
  const clock = steeredClock(at(11, 59, 50));
  const upload = new RateLimit(clock);
  const hours: Bandwidth = { ...OFFICE, hours: OFFICE.hours.slice(1).map((each) => ({ ...each, to: "12:00" })) };
  using keeper = new BandwidthKeeper({ clock, timeZone: "UTC", limits: { bandwidth: hours }, upload });
  const end = new AbortController();
  let sent = 0;
  const sending = (async () => {
    for (;;) {
      const piece = upload.pieceBytes(64 * KIB);
      await upload.take(piece, end.signal);
      sent += piece;
    }
  })().catch(() => undefined);
  /** KiB a second. */
  const paceOver = async (seconds: number): Promise<number> => {
    const before = sent;
    for (let step = 0; step < seconds * 100; step++) {
      clock.advance(10);
      await nextTurn();
    }
    return (sent - before) / seconds / KIB;
  };
  const within = (pace: number, wanted: number) => expect(Math.abs(pace / wanted - 1)).toBeLessThan(0.06);
  within(await paceOver(10), 100);
  within(await paceOver(5), 2000);
  keeper.limits = { bandwidth: hours, uploadLimit: 300 * KIB };
  within(await paceOver(5), 300);
  end.abort();
  await sending;
});
