/** `holdfast-server keys`: product keys. */
import { Command, Option } from "commander";
import { HoldfastError } from "../../protocol/errors.ts";
import { LIST_LIMIT_MAX } from "../../protocol/limits.ts";
import type { ProductKeyView } from "../../protocol/messages/product-keys.ts";
import { normalEmail } from "../domain/access/log-in.ts";
import type { Domain } from "../domain/domain.ts";
import { createProductKeys, listProductKeys, revokeProductKey } from "../domain/product-keys/product-keys.ts";
import type { DeviceKind } from "../records/rows.ts";
import { parseCount } from "./numbers.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption, OPERATOR, print, withDomain } from "./with-domain.ts";

const COUNT_MAX = 1000;

interface CreateOptions extends DataOption {
  readonly user: string;
  readonly kind: DeviceKind;
  readonly count: string;
  readonly json?: boolean;
}

export function keysCommand(): Command {
  const keys = new Command("keys").description("list, create and revoke product keys");
  keys
    .command("list")
    .description("all keys, newest first; of each only the last group is known")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--json", "for programs")
    .action(list);
  keys
    .command("create")
    .description("new keys for a user's machines; shown once")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .requiredOption("--user <e-mail>", "whose machines they are for")
    .addOption(new Option("--kind <kind>", "what they are for").choices(["desktop", "server"]).default("desktop"))
    .option("--count <number>", "how many", "1")
    .option("--json", "for programs")
    .action(create);
  keys
    .command("revoke <id>")
    .description("make an unused key worthless")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .action((id: string, data: DataOption) =>
      withDomain(data, (domain) => revokeProductKey(domain, id, { ...OPERATOR, scope: {} })),
    );
  return keys;
}

const list = ({ json = false, ...data }: DataOption & { json?: boolean }): Promise<void> =>
  withDomain(data, async (domain) => print((await allKeys(domain)).map(columns), json));

async function create({ user, kind, count, json = false, ...data }: CreateOptions): Promise<void> {
  await withDomain(data, async (domain) => {
    const account = await domain.records.accounts.findByLogin(normalEmail(user));
    if (account === undefined || account.organization === null) throw new HoldfastError("user/missing");
    const { organization } = account;
    const wanted = {
      owner: { user: account },
      organization,
      kind,
      count: parseCount("--count", count, { min: 1, max: COUNT_MAX }),
    };
    const made = await createProductKeys(domain, wanted, OPERATOR);
    if (json)
      return print(
        made.map(({ id, productKey }) => ({ id, productKey, kind, user: account.login })),
        true,
      );
    for (const { productKey } of made) console.log(productKey);
  });
}

async function allKeys(domain: Domain): Promise<ProductKeyView[]> {
  const keys: ProductKeyView[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listProductKeys(domain, {}, { limit: LIST_LIMIT_MAX, cursor });
    keys.push(...page.items);
    if (page.next === null) return keys;
    cursor = page.next;
  }
}

const columns = (key: ProductKeyView) => ({
  id: key.id,
  key: `…-${key.lastGroup}`,
  kind: key.kind,
  state: key.state,
  user: key.user?.email ?? "",
  machine: key.machine ?? "",
});
