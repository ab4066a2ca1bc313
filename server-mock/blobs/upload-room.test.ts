import { expect, test } from "vitest";
import { UploadRoom } from "./upload-room.ts";

/** Begins `count` uploads that last until `end` is called. */
function begin(room: UploadRoom, count: number) {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const running = Promise.all(Array.from({ length: count }, () => room.hold(() => promise)));
  return { running, end };
}

test("few uploads write in large pieces; many share the same memory; none gets less than the floor", async () => {
  const room = new UploadRoom();
  expect(room.writeBytes).toBe(2 ** 20);
  const some = begin(room, 16);
  expect(room.writeBytes).toBe(2 ** 20);
  const more = begin(room, 48);
  expect(room.writeBytes * 2 * 64).toBe(32 * 2 ** 20);
  const many = begin(room, 448);
  expect(room.writeBytes).toBe(64 * 1024);
  for (const { end, running } of [some, more, many]) {
    end();
    await running;
  }
  expect(room.writeBytes).toBe(2 ** 20);
});

test("more uploads than there is room for are asked to come back, and find room when others have ended", async () => {
  const room = new UploadRoom({ uploadsMax: 2 });
  const two = begin(room, 2);
  await expect(room.hold(async () => "never")).rejects.toMatchObject({ code: "request/too-many", kind: "unavailable" });
  two.end();
  await two.running;
  await expect(room.hold(async () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(await room.hold(async () => "done")).toBe("done");
});
