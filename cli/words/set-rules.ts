/** Rules of backup sets in words. */
import type { BackupSet, FileRules } from "../../protocol/messages/policies.ts";
import { shown } from "../names.ts";
import { counted, size } from "../units.ts";

/** One rule: `name *.iso`, `larger than 5 GiB`. */
export function ruleWords(field: "roots" | keyof FileRules, value: string | number): string {
  switch (field) {
    case "roots":
      return `folder ${shown(String(value))}`;
    case "paths":
      return `path ${shown(String(value))}`;
    case "names":
      return `name ${shown(String(value))}`;
    case "types":
      return `type ${shown(String(value))}`;
    case "largerThanBytes":
      return `larger than ${size(Number(value))}`;
    case "smallerThanBytes":
      return `smaller than ${size(Number(value))}`;
    case "olderThanDays":
      return `older than ${counted(Number(value), "day")}`;
    case "newerThanDays":
      return `newer than ${counted(Number(value), "day")}`;
  }
}

/** All rules of one side; empty when there is none. */
export function rulesWords(rules: FileRules): string {
  const { paths, names, types, ...limits } = rules;
  return [
    ...paths.map((path) => ruleWords("paths", path)),
    ...names.map((name) => ruleWords("names", name)),
    ...types.map((type) => ruleWords("types", type)),
    ...LIMITS.flatMap((field) => (limits[field] === null ? [] : [ruleWords(field, limits[field])])),
  ].join(", ");
}

const LIMITS = ["largerThanBytes", "smallerThanBytes", "olderThanDays", "newerThanDays"] as const;

/** What a set takes, or removes, in a line. */
export function setWords({ exclusionary, roots, include, exclude }: BackupSet): string {
  const [only, without] = [rulesWords(include), rulesWords(exclude)];
  return [
    `${exclusionary ? "leaves out of all sets: " : ""}${roots.map(shown).join(", ")}`,
    ...(only === "" ? [] : [`only ${only}`]),
    ...(without === "" ? [] : [`${exclusionary ? "but keeps" : "without"} ${without}`]),
  ].join("; ");
}
