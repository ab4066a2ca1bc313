/**
 * JSON from outside: bounded in depth before it is parsed, so that no parser below recurses on a stranger's word; and without NUL, which PostgreSQL
 * keeps in no text.
 */
import { HoldfastError } from "../../protocol/errors.ts";

const DEPTH_MAX = 32;

export function parseJson(text: string): unknown {
  if (depth(text) > DEPTH_MAX)
    throw new HoldfastError("request/malformed", { reason: `the body is nested deeper than ${DEPTH_MAX} levels` });
  if (holdsNul(text)) throw new HoldfastError("request/malformed", { reason: "the body has a text with NUL in it" });
  try {
    const parsed: unknown = JSON.parse(text);
    return SURROGATE.test(text) ? wellFormed(parsed) : parsed;
  } catch {
    throw new HoldfastError("request/malformed", { reason: "the body is not JSON" });
  }
}

const SURROGATE = /\\ud[89a-f]/i;

/** Half a character can't be kept: what is chained, signed or compared must be what a database gives back. */
function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toWellFormed(), wellFormed(each)]));
}

/** In JSON it can only be escaped; an even number of backslashes before it are a text that shows the escape. */
const holdsNul = (text: string): boolean => text.includes("\\u0000") && /(?<!\\)(?:\\\\)*\\u0000/.test(text);

/** How deep arrays and objects nest; of text that is not JSON some number. */
function depth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === BRACE || code === BRACKET) deepest = Math.max(deepest, ++depth);
    else if (code === BRACE + 2 || code === BRACKET + 2) depth--;
  }
  return deepest;
}

const QUOTE = 0x22;
const BRACE = 0x7b;
const BRACKET = 0x5b;

function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at === -1 ? text.length : at;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === "\\") slashes++;
  return slashes % 2 === 1;
}
