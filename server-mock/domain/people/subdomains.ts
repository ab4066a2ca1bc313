/** Subdomains: where an organization's users log in. Each is one organization's; some are nobody's. */
import { HoldfastError } from "../../../protocol/errors.ts";
import type { RecordStores } from "../../records/records.ts";
import type { Outside } from "../outside.ts";

/** Names that people take for the service's own, or that its addresses need. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "about abuse account accounts activate admin administrator api app apps assets auth autodiscover backup backups beta billing blog cdn " +
    "console dashboard demo dev dns docs download downloads email example files ftp health help holdfast home hostmaster imap info " +
    "internal local localhost login logout mail media metrics mobile mx news noreply oauth operator owner password pop portal postmaster " +
    "public register reset restore root secure security service shop signup smtp ssh ssl staging static status support system test tls " +
    "updates user users vpn web webdisk webmail webmaster wpad www"
  ).split(" "),
);

/** `own`: the organization that is to have it. Throws `subdomain/reserved`, `subdomain/taken`. */
export async function checkSubdomain(stores: RecordStores, subdomain: string, own?: string): Promise<void> {
  // "xn--" and its kind would be read as another script.
  const isReserved =
    RESERVED.has(subdomain) || /^(www|ns|mx|smtp)\d*$/.test(subdomain) || subdomain.slice(2, 4) === "--";
  if (isReserved) throw new HoldfastError("subdomain/reserved", { subdomain });
  const holder = await stores.organizations.findBySubdomain(subdomain);
  if (holder !== undefined && holder.id !== own) throw new HoldfastError("subdomain/taken", { subdomain });
}

/** Where people log in: of an organization without a subdomain, and of nobody, the administrators' address. No slash at its end. */
export function placeUrl({ publicUrl, baseDomain }: Outside, subdomain: string | null): string {
  if (subdomain === null) return publicUrl;
  if (baseDomain === undefined) return `${publicUrl}/o/${subdomain}`;
  const url = new URL(publicUrl);
  url.hostname = `${subdomain}.${baseDomain}`;
  return url.href.replace(/\/$/, "");
}

/** The subdomain that a host name is of; undefined: none, or the service's own address. `host` may carry a port. */
export function subdomainOf(
  { baseDomain, publicUrl }: Pick<Outside, "baseDomain" | "publicUrl">,
  host: string,
): string | undefined {
  const [name = ""] = host.toLowerCase().split(":");
  if (baseDomain === undefined || name === new URL(publicUrl).hostname) return undefined;
  const end = `.${baseDomain.toLowerCase()}`;
  const label = name.endsWith(end) ? name.slice(0, -end.length) : "";
  return label === "" || label.includes(".") ? undefined : label;
}
