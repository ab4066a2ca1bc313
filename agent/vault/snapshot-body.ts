/** The sealed part of a snapshot record: what the run says about itself (format §7). */
import { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

const schema = z.object({
  host: z.string(),
  agent: z.string(),
  set: z.string(),
  type: z.string(),
  roots: z.array(z.base64()),
  files: z.int().min(0),
  folders: z.int().min(0),
  bytes: z.int().min(0),
  problems: z.int().min(0),
});

export interface SnapshotBody extends Omit<z.infer<typeof schema>, "roots"> {
  /** Catalog paths. */
  readonly roots: readonly Buffer[];
}

export const encodeSnapshotBody = (body: SnapshotBody): Buffer =>
  Buffer.from(JSON.stringify({ ...body, roots: body.roots.map((root) => root.toString("base64")) }));

/** Throws `format/malformed`. Unknown members are ignored. */
export function decodeSnapshotBody(plain: Uint8Array): SnapshotBody {
  try {
    const body = schema.parse(JSON.parse(Buffer.from(plain).toString()));
    return { ...body, roots: body.roots.map((root) => Buffer.from(root, "base64")) };
  } catch (cause) {
    const data = { structure: "snapshot body", reason: "it is not what a snapshot says about itself" };
    throw new HoldfastError("format/malformed", data, { cause });
  }
}
