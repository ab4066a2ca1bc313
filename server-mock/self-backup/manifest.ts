/** What a copy of the service begins with. */
import { z } from "zod";
import { HoldfastError } from "../../protocol/errors.ts";

export const manifestSchema = z.strictObject({
  createdAt: z.iso.datetime(),
  serviceVersion: z.string(),
  /** Name in the folder of keys → contents; also the certificate that machines have pinned. */
  keys: z.record(z.string().regex(/^[a-z-]+\.(key|crt)$/), z.string()),
  database: z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export type Manifest = z.infer<typeof manifestSchema>;

export function parseManifest(piece: Buffer, path: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(piece.toString()));
  } catch (error) {
    const reason = "it was made by a later version of this program";
    throw new HoldfastError("self-backup/unusable", { path, reason }, { cause: error });
  }
}
