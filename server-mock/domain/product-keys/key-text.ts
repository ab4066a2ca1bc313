/** The text of a product key: 20 characters without look-alikes (98 bits), in groups of five. Only its hash and its last group are kept. */
import { sha256 } from "../../../base/digest.ts";
import type { Random } from "../../../base/random.ts";

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 20;

export interface KeyText {
  /** As people see it, once. */
  readonly grouped: string;
  readonly lastGroup: string;
  readonly digest: Buffer;
}

export function makeKeyText(random: Random): KeyText {
  const plain = randomText(random);
  return {
    grouped: (plain.match(/.{5}/g) ?? []).join("-"),
    lastGroup: plain.slice(-5),
    digest: digestOfKey(plain),
  };
}

/** As people type it: any case, with or without dashes and blanks. undefined when it can't be one. */
export function digestOfTypedKey(text: string): Buffer | undefined {
  const plain = text.toUpperCase().replace(/[\s-]/g, "");
  const isKey = plain.length === LENGTH && [...plain].every((character) => ALPHABET.includes(character));
  return isKey ? digestOfKey(plain) : undefined;
}

const digestOfKey = (plain: string): Buffer => sha256(Buffer.from(`holdfast/v1/product-key/${plain}`));

function randomText(random: Random): string {
  let key = "";
  while (key.length < LENGTH) {
    // Bytes from 240 on would make the first characters likelier.
    for (const byte of random(LENGTH * 2))
      if (byte < 240 && key.length < LENGTH) key += ALPHABET[byte % ALPHABET.length];
  }
  return key;
}
