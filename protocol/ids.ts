/** Ids are lower-case hexadecimal text with a brand that only a parser gives. */
import { HoldfastError } from "./errors.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type VaultId = Branded<"vault">;
export type MachineId = Branded<"machine">;
export type ChunkId = Branded<"chunk">;
export type PackId = Branded<"pack">;
export type RecordHash = Branded<"record">;

const parser =
  <Id extends string>(name: string, bytes: number) =>
  (text: string): Id => {
    if (text.length !== bytes * 2 || !/^[0-9a-f]*$/.test(text))
      throw new HoldfastError("request/malformed", { reason: `a ${name} id is ${bytes * 2} hexadecimal digits` });
    return text as Id; // Checked above.
  };

export const parseVaultId = parser<VaultId>("vault", 16);
export const parseMachineId = parser<MachineId>("machine", 16);
export const parseChunkId = parser<ChunkId>("chunk", 32);
export const parsePackId = parser<PackId>("pack", 32);
export const parseRecordHash = parser<RecordHash>("record", 32);

/** The head of an empty chain. */
export const NO_RECORD = "0".repeat(64) as RecordHash;
