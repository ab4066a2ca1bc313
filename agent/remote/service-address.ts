/** Where a service is, and how it proves that it is the one. */
import { HoldfastError } from "../../protocol/errors.ts";

export interface ServiceAddress {
  readonly url: string;
  /** SHA-256 of the certificate's public key, hexadecimal; without it the system's certificate authorities decide. */
  readonly fingerprint?: string | undefined;
}

/** Plain HTTP goes over loopback only (docs/protocol.md). Throws `option/invalid`. */
export function checkedAddress(address: ServiceAddress): ServiceAddress {
  const invalid = (reason: string): never => {
    throw new HoldfastError("option/invalid", {
      option: `service address ${address.url}`,
      reason,
      command: "register",
    });
  };
  const url = URL.parse(address.url) ?? invalid("it is not an address such as https://backup.example.org:8443");
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname) || /^127\./.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))
    invalid("only https is allowed beyond this machine");
  return address;
}
