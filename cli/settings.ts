/** What surrounds a command: the only reader of the environment's variables in the client. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export interface Surroundings {
  /** Where this machine's settings, keys and state are when `--data` does not say. */
  readonly dataFolder: string;
  readonly password: string | undefined;
  readonly passphrase: string | undefined;
  /** One that takes the other's place. */
  readonly newPassphrase: string | undefined;
  readonly recoveryKeyPassphrase: string | undefined;
  readonly timeZone: string;
  /** Where the person is: npm runs its scripts elsewhere. */
  readonly calledFrom: string;
  /** For programs that are started. */
  readonly environment: Variables;
}

type Variables = Readonly<Record<string, string | undefined>>;

export function readSurroundings(variables: Variables = process.env): Surroundings {
  return {
    dataFolder: defaultDataFolder(variables),
    password: variables.HOLDFAST_PASSWORD || undefined,
    passphrase: variables.HOLDFAST_PASSPHRASE || undefined,
    newPassphrase: variables.HOLDFAST_NEW_PASSPHRASE || undefined,
    recoveryKeyPassphrase: variables.HOLDFAST_RECOVERY_KEY_PASSPHRASE || undefined,
    timeZone: Temporal.Now.timeZoneId(),
    calledFrom: variables.INIT_CWD || process.cwd(),
    environment: variables,
  };
}

function defaultDataFolder(variables: Variables): string {
  if (variables.HOLDFAST_HOME) return resolve(variables.HOLDFAST_HOME);
  if (process.getuid?.() === 0) return "/var/lib/holdfast";
  return join(variables.XDG_STATE_HOME || join(homedir(), ".local", "state"), "holdfast");
}

/** For `npm start`: where a trial in a checkout keeps everything. */
export const trialFolder = (checkout: string, variables: Variables = process.env): string =>
  resolve(variables.HOLDFAST_HOME || join(checkout, ".holdfast"));
