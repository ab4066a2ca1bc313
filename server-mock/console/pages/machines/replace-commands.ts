/** Commands for somebody to copy to new hardware. */

/** The user's log-in gives the machine back. */
export const recoverCommand = (of: { readonly service: string; readonly machine: string; readonly user: string }) =>
  `holdfast register --service ${of.service} --email ${shellWord(of.user)} --recover --machine ${of.machine}`;

/** The code stands for log-in and machine. */
export const replaceCommand = ({ service, code }: { readonly service: string; readonly code: string }) =>
  `holdfast register --service ${service} --replace ${code}`;

/** What a shell would take for anything else is quoted. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
