/** A password that is being set by the operator: typed, from a file, or made and shown once. */
import type { Command } from "commander";
import type { Domain } from "../domain/domain.ts";
import { makePassword } from "../first-organization.ts";
import { readSecret } from "./read-secret.ts";

export interface NewPasswordOptions {
  readonly passwordFile?: string;
  readonly generate?: boolean;
}

export const withNewPassword = (command: Command): Command =>
  command
    .option("--password-file <file>", "its first line is the password; else it is asked for")
    .option("--generate", "make a password, shown once");

export interface NewPassword {
  readonly hash: string;
  /** Of one that was made: it is shown once. */
  readonly shown: string | undefined;
}

/** Throws `argument/invalid`, `password/too-short`. */
export async function newPassword(
  { passwords, random }: Domain,
  login: string,
  { passwordFile: file, generate = false }: NewPasswordOptions,
): Promise<NewPassword> {
  const made = generate ? makePassword(random) : undefined;
  const source = { what: "password", option: "--password-file", otherwise: "--generate", isNew: true };
  const password = made ?? (await readSecret({ ...source, file, question: `New password of ${login}: ` }));
  return { hash: await passwords.hash(password), shown: made };
}
