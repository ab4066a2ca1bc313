/**
 * The recovery kit: the vault secret on paper (format §2.2). Whoever has it reads the whole vault, without passphrase and without the service's key.
 * It is never kept on the machine, nor sent.
 */
import { id16 } from "../../protocol/messages/fields.ts";
import { malformedKit, secretOf, WORDS, wordsOf } from "./recovery-words.ts";
import type { WrapScope } from "./wraps.ts";

export interface RecoveryKit {
  readonly secret: Buffer;
  /** Whose it is, when the text says so: words alone don't. */
  readonly vault?: Buffer;
  readonly epoch?: number;
}

export interface KitFacts extends WrapScope {
  /** For whoever finds the paper years later. */
  readonly name: string;
  /** Hexadecimal id. */
  readonly machine: string;
  readonly service: string;
  readonly createdAt: Date;
}

const TEXT_MAX = 64 * 1024;
const WORDS_A_LINE = 4;

export function recoveryKitText(secret: Uint8Array, facts: KitFacts): string {
  const words = wordsOf(secret);
  const numbered = words.map((word, index) => `${String(index + 1).padStart(2)} ${word}`.padEnd(14));
  const lines = Array.from({ length: WORDS / WORDS_A_LINE }, (_, line) =>
    `  ${numbered.slice(line * WORDS_A_LINE, (line + 1) * WORDS_A_LINE).join("")}`.trimEnd(),
  );
  return [
    "HOLDFAST RECOVERY KIT 1",
    "",
    "Whoever has these words can read every backup of this machine, past and future. Keep them on",
    "paper, away from the machine. To restore: holdfast restore --kit <this file>, or type the words.",
    "",
    `Machine: ${facts.name.replace(/\p{C}/gu, " ")}`,
    `Machine id: ${facts.machine}`,
    `Service: ${facts.service}`,
    `Vault: ${Buffer.from(facts.vault).toString("hex")}`,
    `Epoch: ${facts.epoch}`,
    `Created: ${facts.createdAt.toISOString()}`,
    "",
    "Words:",
    ...lines,
    "",
  ].join("\n");
}

/** A kit's file, or only its words, with numbers and anything else between them. Throws `key/kit-malformed`. */
export function openRecoveryKit(text: string): RecoveryKit {
  if (text.length > TEXT_MAX) throw malformedKit("it is far too long");
  const version = /holdfast recovery kit\s+(\d+)/i.exec(text)?.[1];
  if (version === undefined) return { secret: secretOf(wordsIn(text)) };
  if (version !== "1") throw malformedKit(`it is of version ${version}, which this program doesn't know`);
  const [head = "", words] = text.split(/^\s*words:/im, 2);
  if (words === undefined) throw malformedKit("the line “Words:” is missing");
  const vault = id16.safeParse(lineOf(head, "Vault")?.toLowerCase());
  if (!vault.success) throw malformedKit("the line “Vault:” is missing or damaged");
  const epoch = Number(lineOf(head, "Epoch"));
  if (!Number.isSafeInteger(epoch) || epoch < 1) throw malformedKit("the line “Epoch:” is missing or damaged");
  return { secret: secretOf(wordsIn(words)), vault: Buffer.from(vault.data, "hex"), epoch };
}

const wordsIn = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/\p{L}+/gu) ?? [];

const lineOf = (text: string, label: string): string | undefined =>
  new RegExp(`^\\s*${label}:\\s*(\\S+)\\s*$`, "im").exec(text)?.[1];
