import fc from "fast-check";
import { expect, test } from "vitest";
import { anyEntry } from "../../test/support/any-entry.ts";
import {
  contentFrames,
  endFrame,
  entryFrame,
  type Frame,
  framesBegin,
  leftFrame,
  readFrames,
  wholeFrame,
} from "./file-frames.ts";

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

const read = (bytes: Buffer, length = 1 << 20): Promise<Frame[]> =>
  Array.fromAsync(readFrames(inPieces(bytes, length)));

test("every entry comes as the catalog has it, however the network cuts the bytes; only where its content lies stays behind", async () => {
  await fc.assert(
    fc.asyncProperty(anyEntry, fc.integer({ min: 1, max: 50 }), async (entry, length) => {
      const [, found] = await read(Buffer.concat([framesBegin({ files: 1, bytes: 2 }), entryFrame(entry)]), length);
      const expected = entry.type === "file" ? { ...entry, content: { kind: "missing" } } : entry;
      expect(found).toEqual({ kind: "entry", entry: expected });
    }),
  );
});

test("content comes whole, with its holes as holes", async () => {
  const bytes = Buffer.concat([Buffer.alloc(70_000, 1), Buffer.alloc(300_000), Buffer.from("end")]);
  const sent = Buffer.concat([framesBegin({ files: 1, bytes: 3 }), ...contentFrames(bytes), endFrame(), wholeFrame(1)]);
  expect(sent.length).toBeLessThan(200_000);
  const frames = await read(sent, 1000);
  const content = frames.map((each) => {
    if (each.kind === "bytes") return each.bytes;
    return each.kind === "hole" ? Buffer.alloc(each.length) : Buffer.alloc(0);
  });
  expect(Buffer.concat(content).equals(bytes)).toBe(true);
  expect(frames.filter(({ kind }) => kind === "hole")).toHaveLength(1);
  expect(frames.at(-1)).toEqual({ kind: "whole", files: 1 });
});

test("what could not be sent is named with its reason", async () => {
  const problem = { path: "/ä", code: "chunk/lost", message: "A chunk is lost." };
  const frames = await read(Buffer.concat([framesBegin({ files: 0, bytes: 0 }), leftFrame(problem)]));
  expect(frames[1]).toEqual({ kind: "left", problem });
});

test("what is cut off anywhere never looks whole, and nothing else passes for it", async () => {
  const sent = Buffer.concat([framesBegin({ files: 1, bytes: 3 }), ...contentFrames(Buffer.from("abc")), endFrame()]);
  for (let length = 0; length <= sent.length; length++)
    expect((await read(sent.subarray(0, length))).some(({ kind }) => kind === "whole")).toBe(false);
  const head = framesBegin({ files: 0, bytes: 0 });
  const refused = { code: "format/malformed" };
  await expect(read(Buffer.from("no such thing"))).rejects.toMatchObject(refused);
  await expect(read(Buffer.concat([head, Buffer.from([99, 0, 0, 0, 0])]))).rejects.toMatchObject(refused);
  await expect(read(Buffer.concat([head, Buffer.from([3, 0, 0, 0, 0xff])]))).rejects.toMatchObject(refused);
  await expect(read(Buffer.concat([head, Buffer.from([2, 1, 0, 0, 0, 7])]))).rejects.toMatchObject(refused);
});

test("whoever stops reading ends the answer, too", async () => {
  let isEnded = false;
  const endless = async function* () {
    try {
      yield framesBegin({ files: 0, bytes: 0 });
      for (;;) yield endFrame();
    } finally {
      isEnded = true;
    }
  };
  for await (const { kind } of readFrames(endless())) if (kind === "end") break;
  expect(isEnded).toBe(true);
});
