/** `holdfast-server reset-password`: for whoever can't log in any more, also the last admin. */
import { Command } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import { lockKeys } from "../domain/access/lockouts.ts";
import { normalEmail } from "../domain/access/log-in.ts";
import { audit } from "../domain/records/audit.ts";
import { type NewPasswordOptions, newPassword, withNewPassword } from "./new-password.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, withDomain } from "./with-domain.ts";

interface ResetOptions extends DataOption, NewPasswordOptions {
  readonly temporary?: boolean;
  readonly clearSecondFactor?: boolean;
}

export const resetPasswordCommand = (): Command =>
  withNewPassword(new Command("reset-password").argument("<e-mail>", "the log-in"))
    .description("a new password; ends the account's sessions and lockout")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--temporary", "it must be changed at the next log-in")
    .option("--clear-second-factor", "for a lost phone: log in with the password alone")
    .action(resetPassword);

async function resetPassword(email: string, options: ResetOptions): Promise<void> {
  const { temporary = false, clearSecondFactor = false } = options;
  await withDomain(options, async (domain) => {
    const { records, lockouts } = domain;
    const account = await records.accounts.findByLogin(normalEmail(email));
    if (account === undefined) throw new HoldfastError("user/missing");
    const password = await newPassword(domain, account.login, options);
    await records.transaction(async (stores) => {
      await stores.accounts.change(account.id, {
        password: password.hash,
        isPasswordTemporary: temporary ? 1 : 0,
        version: account.version + 1,
        ...(clearSecondFactor ? { totp: null } : {}),
      });
      await stores.tokens.removeOf({ account: account.id });
      const { organization, login: subject, id } = account;
      const detail = clearSecondFactor ? "second factor cleared" : "";
      const act = { organization, action: "accounts/reset-password", subject, account: id, detail };
      await audit(domain, stores, { ...OPERATOR, ...act });
    });
    for (const key of [lockKeys.account(account.login), lockKeys.secondFactor(account.id)]) await lockouts.forgive(key);
    console.log(password.shown === undefined ? account.login : `${account.login}  ${password.shown}`);
  });
}
