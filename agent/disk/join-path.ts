/** Paths are put together from bytes: once for each thing of a walk. */

/** `name`: the bytes as Latin-1. */
export function join(before: Buffer, name: string, after: "" | "/" = ""): Buffer {
  const joined = Buffer.allocUnsafe(before.length + name.length + after.length);
  joined.set(before, 0);
  joined.write(name, before.length, "latin1");
  if (after) joined[joined.length - 1] = 0x2f;
  return joined;
}
