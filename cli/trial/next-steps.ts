/** What `npm start` says at its end: credentials once, and commands to go on with, ready to be copied. */
import { join } from "node:path";
import type { BackupView } from "../../protocol/messages/records.ts";
import { shown } from "../names.ts";
import { facts } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { counted, duration, moment, size } from "../units.ts";
import type { Credentials } from "./service-process.ts";

export function tellCredentials(terminal: Terminal, made: Credentials, used: "desktop" | "server"): void {
  const unused = used === "desktop" ? "server" : "desktop";
  terminal.line();
  terminal.line(terminal.style("bold", "These are shown once; write them down:"));
  terminal.lines(
    facts([
      ["  your log-in", `${made.user.email}   password ${terminal.style("bold", made.user.password)}`],
      ["  administrator", `${made.admin.email}  password ${terminal.style("bold", made.admin.password)}`],
      ["  organization", made.organization],
      ["  another machine", `product key ${made.productKeys[unused]} (${unused})`],
    ]),
  );
  terminal.line();
}

/** The record of the run, as the service keeps it. */
export function tellRecord(terminal: Terminal, record: BackupView, timeZone: string): void {
  const took = Date.parse(record.endedAt ?? record.startedAt) - Date.parse(record.startedAt);
  const amount = (files: number, bytes: number) => `${counted(files, "file")}, ${size(bytes)}`;
  const result =
    record.state === "success"
      ? terminal.style("green", "Success")
      : terminal.style("yellow", record.result ?? record.state);
  terminal.lines([
    "",
    terminal.style("bold", "The backup's record on the service:"),
    ...facts([
      ["  snapshot", record.snapshot === null ? "none" : `#${record.snapshot}`],
      ["  result", result],
      ["  started", moment(record.startedAt, timeZone)],
      ["  took", duration(took)],
      ["  selected", amount(record.files, record.bytes)],
      ["  encoded", amount(record.filesEncoded, record.bytesEncoded)],
      ["  sent", amount(record.filesTransferred, record.bytesTransferred)],
      ["  problems", String(record.problemCount)],
    ]),
  ]);
}

export interface NextOptions {
  /** The command line's program, as it is called from here. */
  readonly program: string;
  readonly dataFolder: string;
  /** The folder that was backed up. */
  readonly folder: string;
  /** A file in it, for the examples; `undefined` when there is none near. */
  readonly file: string | undefined;
  readonly snapshot: number;
}

export function nextSteps(options: NextOptions): string[] {
  const { folder, snapshot } = options;
  const file = options.file ?? folder;
  const data = `--data ${quoted(options.dataFolder)}`;
  const call = (words: string) => `  ${options.program} ${words} ${data}`;
  const back = quoted(join(options.dataFolder, "restored"));
  return [
    "",
    "Next, in another terminal (the restoring ones ask for your password):",
    "",
    "  # what is there",
    call("snapshots"),
    call(`ls ${quoted(folder)}`),
    "  # add a file, back up again: only the change is sent",
    `  date > ${quoted(join(folder, "holdfast-trial.txt"))}`,
    call("backup"),
    "  # get it back as it is now, and as it was",
    call(`restore ${quoted(file)} --to ${back}`),
    call(`versions ${quoted(file)}`),
    call(`restore ${quoted(file)} --at ${snapshot} --to ${back}-before`),
    "  # prove that everything can be restored",
    call("verify --read-data"),
    "  # let it watch the folder: what changes is backed up within minutes",
    call("run"),
  ];
}

/** For a POSIX shell. Names with control characters are shown, not pasted. */
export function quoted(text: string): string {
  if (shown(text) !== text) return `'${shown(text).replaceAll("'", "'\\''")}'`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
