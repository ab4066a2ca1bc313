/**
 * What a setting's value can be. A kind reads the text of an option or a variable as well as the JSON of the settings file, and says in a
 * sentence what it takes.
 */
import { z } from "zod";

/** `undefined` from `read`: refused, and `takes` is said. */
export const kind = <Value>(takes: string, read: (given: string) => Value | undefined) =>
  z.unknown().transform((given, context): Value => {
    const value = typeof given === "object" || given === undefined ? undefined : read(String(given).trim());
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: `it must be ${takes}` });
    return z.NEVER;
  });

export const text = (takes = "some text") => kind(takes, (given) => (given === "" ? undefined : given));

export const whole = ({ min, max }: { min: number; max: number }) =>
  kind(`a whole number from ${min} to ${max}`, (given) => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  });

export const yesNo = kind("yes or no", (given) => YES_NO.get(given.toLowerCase()));

const YES_NO: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["true", true],
  ["1", true],
  ["on", true],
  ["no", false],
  ["false", false],
  ["0", false],
  ["off", false],
]);

export const oneOf = <const Name extends string>(names: readonly Name[]) =>
  kind(`one of ${names.join(", ")}`, (given) => names.find((name) => name === given));

/** Of these protocols (`"https:"`), without the last slash of an empty path. */
export const url = (...protocols: readonly string[]) =>
  kind(`an address that begins with ${protocols.map((each) => `${each}//`).join(" or ")}`, (given) => {
    const parsed = URL.canParse(given) ? new URL(given) : undefined;
    return parsed && protocols.includes(parsed.protocol) ? given.replace(/\/+$/, "") : undefined;
  });

/** Words between commas, or a JSON array of them. `takes` names one of them. */
export const listOf = <Value>(takes: string, read: (given: string) => Value | undefined) =>
  z.unknown().transform((given, context): readonly Value[] => {
    const words = Array.isArray(given) ? given.map(String) : String(given).split(",");
    const values = words.map((word) => word.trim()).filter((word) => word !== "");
    const parsed = values.map(read).filter((value) => value !== undefined);
    if (parsed.length === values.length) return parsed;
    context.addIssue({ code: "custom", message: `it must be ${takes}, with commas between several` });
    return z.NEVER;
  });
