/** Owner names: what this machine calls its user and group numbers, and back. Answers are remembered. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Owner } from "../model/entry.ts";

export interface OwnerNames {
  /** Empty when the system knows no name. */
  userName(uid: number): string;
  groupName(gid: number): string;
  /** The same object for the same numbers: millions of files have the same few owners. */
  ownerOf(uid: number, gid: number): Owner;
  findUid(user: string): number | undefined;
  findGid(group: string): number | undefined;
}

/** `useDirectory`: also ask the system's directory service (`getent`) about those who are not in the files. */
export function ownerNames(options: { readonly etc?: string; readonly useDirectory?: boolean } = {}): OwnerNames {
  const { etc = "/etc", useDirectory = process.platform === "linux" } = options;
  const users = new Names(`${etc}/passwd`, useDirectory ? "passwd" : undefined);
  const groups = new Names(`${etc}/group`, useDirectory ? "group" : undefined);
  const owners = new Map<number, Map<number, Owner>>();
  const ownerOf = (uid: number, gid: number): Owner => {
    const known = owners.get(uid)?.get(gid);
    if (known) return known;
    const owner = { uid, gid, user: users.nameOf(uid), group: groups.nameOf(gid) };
    const groupsOf = owners.get(uid) ?? new Map<number, Owner>();
    owners.set(uid, groupsOf.set(gid, owner));
    return owner;
  };
  return {
    ownerOf,
    userName: (uid) => users.nameOf(uid),
    groupName: (gid) => groups.nameOf(gid),
    findUid: (user) => users.findId(user),
    findGid: (group) => groups.findId(group),
  };
}

class Names {
  readonly #names = new Map<number, string>();
  readonly #ids = new Map<string, number | undefined>();
  #database: string | undefined;

  constructor(file: string, database: string | undefined) {
    this.#database = database;
    try {
      for (const line of readFileSync(file, "utf8").split("\n")) this.#learn(line);
    } catch {
      // Systems without the file know names by other means, or not at all.
    }
  }

  nameOf(id: number): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    this.#learn(this.#ask(String(id)));
    const name = this.#names.get(id) ?? "";
    this.#names.set(id, name);
    return name;
  }

  findId(name: string): number | undefined {
    if (name === "") return undefined;
    if (!this.#ids.has(name)) {
      // A name of digits would be taken for a number.
      if (!/^\d+$/.test(name)) this.#learn(this.#ask(name));
      if (!this.#ids.has(name)) this.#ids.set(name, undefined);
    }
    return this.#ids.get(name);
  }

  /** `name:x:number:…`, as in passwd(5) and group(5). The first line about a number or name counts. */
  #learn(line: string): void {
    const [name, , number] = line.split(":");
    if (!name || !number || !/^\d+$/.test(number)) return;
    const id = Number(number);
    if (!this.#names.get(id)) this.#names.set(id, name);
    if (this.#ids.get(name) === undefined) this.#ids.set(name, id);
  }

  #ask(key: string): string {
    if (this.#database === undefined) return "";
    try {
      const output = execFileSync("getent", [this.#database, "--", key], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 5_000,
      });
      return output.split("\n")[0] ?? "";
    } catch (error) {
      // Not known: exit code 2. No such program: don't try again for each of them.
      if (error instanceof Error && "code" in error && error.code === "ENOENT") this.#database = undefined;
      return "";
    }
  }
}
