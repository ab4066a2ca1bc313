/** PostgreSQL's advisory locks go by 64-bit numbers; ours by names. As text: JavaScript's numbers are too short. */
import { sha256 } from "../../../base/digest.ts";

export const lockNumber = (name: string): string =>
  sha256(Buffer.from(`holdfast/${name}`))
    .readBigInt64BE()
    .toString();
