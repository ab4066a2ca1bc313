import { expect, test } from "vitest";
import { CallMeter } from "./call-meter.ts";

const call = { route: "/", method: "GET", status: 200, seconds: 0.1, bytes: 0 };

test("calls that ended before anybody counted are counted later, once", () => {
  const meter = new CallMeter();
  const counted: unknown[] = [];
  meter.begin();
  meter.end(call);
  meter.tell((each) => counted.push(each));
  meter.begin();
  expect(meter.running).toBe(1);
  meter.end(call);
  expect(counted).toEqual([call, call]);
});

test("idle is when the last call has ended", async () => {
  const meter = new CallMeter();
  await meter.idle();
  meter.begin();
  meter.begin();
  let isIdle = false;
  const idle = meter.idle().then(() => {
    isIdle = true;
  });
  meter.end(call);
  await Promise.resolve();
  expect(isIdle).toBe(false);
  meter.end(call);
  await idle;
});
