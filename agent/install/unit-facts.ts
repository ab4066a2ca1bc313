/** What a unit says, whatever the system calls it: a systemd unit, a launchd job, a scheduled task. */
import { HoldfastError } from "../../protocol/errors.ts";

/** `system`: with the machine, as its administrator. `user`: as one person, from their log-in on. */
export type UnitScope = "system" | "user";

export interface UnitFacts {
  readonly scope: UnitScope;
  /** `holdfast` unless there are several on one machine. */
  readonly name: string;
  /** The program and its first words; absolute paths. */
  readonly program: readonly string[];
  readonly dataFolder: string;
  /** Besides the data folder: the local copy, folders for ordered restores. They need not be there. */
  readonly writable: readonly string[];
  /** Hooks are programs of the owner's: what they need is not for us to forbid. */
  readonly hasHooks: boolean;
  readonly memoryHighMiB: number;
}

/** An agent with no thread, by measurement, and some 90 MiB for folders that are watched. */
const AGENT_MIB = 384;
/** Stated bounds of a reading thread (docs/architecture.md, "Memory") and what V8 needs for one. */
const THREAD_MIB = 64;

/** Above it the system takes memory back; nothing is killed. */
export const memoryHighMiB = (processors: number): number => AGENT_MIB + THREAD_MIB * Math.max(1, processors);

/** Only what is wrong goes to the system's journal: everything is in the agent's own log, which it keeps short itself. */
export const agentWords = ({ program, dataFolder }: UnitFacts): readonly string[] => [
  ...program,
  "run",
  "--quiet",
  "--data",
  dataFolder,
];

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** Throws `unit/invalid`: nothing that could be read as another line, or another unit. */
export function checkFacts(facts: UnitFacts): void {
  if (!NAME.test(facts.name)) throw invalid(`${facts.name} is no name; use letters, digits and hyphens`);
  for (const path of [facts.program[0] ?? "", facts.dataFolder, ...facts.writable])
    if (!isAbsolute(path)) throw invalid(`${path || "a path"} does not begin at the root`);
  for (const word of [...facts.program, facts.dataFolder, ...facts.writable])
    if (/\p{Cc}/u.test(word)) throw invalid(`${JSON.stringify(word)} has characters that no unit can say`);
}

/** Of either kind of system: a plan is made for one on the other. */
const isAbsolute = (path: string): boolean => path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);

const invalid = (reason: string): HoldfastError => new HoldfastError("unit/invalid", { reason });
