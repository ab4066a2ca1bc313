/** Which network addresses belong to everybody: a webhook must not reach the service's own network through it. */
import { BlockList, isIP } from "node:net";

const CLOSED_4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];
/** Those that carry an IPv4 address in them lead to who knows where, so they are closed as a whole. */
const CLOSED_6 = [
  "::/96",
  "::ffff:0:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
];

const closed = new BlockList();
for (const [networks, family] of [
  [CLOSED_4, "ipv4"],
  [CLOSED_6, "ipv6"],
] as const)
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    closed.addSubnet(address, Number(bits), family);
  }

/** Of an address in numbers; IPv4 within IPv6 is looked at as IPv4. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  // BlockList looks at ::ffff:a.b.c.d as IPv4 by itself.
  return !closed.check(address, family === 4 ? "ipv4" : "ipv6");
}
