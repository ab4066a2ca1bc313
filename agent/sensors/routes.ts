/** Which of Linux's interfaces lead out, from the kernel's own tables: `/proc/net/route`, `/proc/net/ipv6_route`. */

const UP = 0x1;
const REJECT = 0x200;

interface Route {
  readonly device: string;
  readonly metric: number;
}

/** The preferred one first. */
export function wayOut(ipv4: string, ipv6: string): string[] {
  const routes = [...defaults4(ipv4), ...defaults6(ipv6)].sort((a, b) => a.metric - b.metric);
  return [...new Set(routes.map(({ device }) => device))];
}

function defaults4(text: string): Route[] {
  return rows(text).flatMap(([device = "", destination, , flags = "0", , , metric = "0", mask]) =>
    destination === "00000000" && mask === "00000000" && isUsed(flags) ? [{ device, metric: Number(metric) }] : [],
  );
}

function defaults6(text: string): Route[] {
  return rows(text).flatMap(([destination = "", prefix, , , , metric = "0", , , flags = "0", device = ""]) =>
    /^0{32}$/.test(destination) && prefix === "00" && device !== "lo" && isUsed(flags)
      ? [{ device, metric: Number.parseInt(metric, 16) }]
      : [],
  );
}

function isUsed(flags: string): boolean {
  const bits = Number.parseInt(flags, 16);
  return (bits & UP) !== 0 && (bits & REJECT) === 0;
}

const rows = (text: string): string[][] => text.split("\n").map((line) => line.trim().split(/\s+/));
