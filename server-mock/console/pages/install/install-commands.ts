/** What is typed on a computer to have it backed up. Pure. */

export type Platform = "linux" | "macos" | "windows";

export interface InstallFor {
  readonly platform: Platform;
  /** The service's address, without a slash at its end. */
  readonly service: string;
  readonly email: string;
  /** Or what stands for one. */
  readonly productKey: string;
  readonly fingerprint: string;
  /** As that platform's shell takes them. */
  readonly folders: string;
}

export interface InstallCommands {
  readonly install: string;
  readonly withLogin: string;
  readonly withKey: string;
  readonly ownPassphrase: string;
  readonly withFingerprint: string;
  readonly backup: string;
}

export function installCommands(of: InstallFor): InstallCommands {
  const { platform, service, email, productKey, fingerprint, folders } = of;
  const register = `holdfast register --service ${service}`;
  const login = `--email ${quoted(email)}`;
  return {
    install: `${platform === "windows" ? "" : "sudo "}npm install -g ./holdfast-<version>.tgz`,
    withLogin: `${register} ${login}`,
    withKey: `${register} --key ${productKey}`,
    ownPassphrase: `${register} ${login} --own-passphrase`,
    withFingerprint: `${register} --fingerprint ${fingerprint} ${login}`,
    backup: `holdfast backup ${folders}`,
  };
}

/** Log-in names may hold what shells read as theirs; in single quotes none does, and none holds a single quote unless it is doubled out. */
const quoted = (value: string): string =>
  /^[\w.@%+=:,-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Where the reader is now, most likely where the agent is to be. */
export const platformOf = (userAgent: string): Platform =>
  /Windows/.test(userAgent) ? "windows" : /Mac OS X/.test(userAgent) ? "macos" : "linux";
