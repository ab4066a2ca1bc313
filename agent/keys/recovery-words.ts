/** 32 secret bytes as 24 words that a person can write down and type back (format §2.2): the English list of BIP 39, with its check bits. */
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { HoldfastError } from "../../protocol/errors.ts";

export const WORDS = 24;

const LISTED: ReadonlySet<string> = new Set(wordlist);

/** Of 32 bytes. */
export const wordsOf = (secret: Uint8Array): string[] =>
  entropyToMnemonic(Uint8Array.from(secret), wordlist).split(" ");

/** Throws `key/kit-malformed`, which says which word is wrong, never what it was. */
export function secretOf(words: readonly string[]): Buffer {
  if (words.length !== WORDS) throw malformedKit(`it has ${words.length} words, not ${WORDS}`);
  const wrong = words.flatMap((word, index) => (LISTED.has(word) ? [] : [index + 1]));
  if (wrong.length > 0)
    throw malformedKit(
      `${wrong.length === 1 ? `word ${wrong[0]} is` : `words ${wrong.join(", ")} are`} not on the list of words; look for missing or swapped letters`,
    );
  try {
    return Buffer.from(mnemonicToEntropy(words.join(" "), wordlist));
  } catch {
    // Its cause would be about the words.
    throw malformedKit("the words don't fit together: one of them is another word, or two changed places");
  }
}

export const malformedKit = (reason: string): HoldfastError => new HoldfastError("key/kit-malformed", { reason });
