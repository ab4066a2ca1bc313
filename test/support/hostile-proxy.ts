/** Stands between an agent and its service and alters answers, as a service that lies would. */
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { ROUTES, type RouteName } from "../../protocol/routes.ts";

export interface Answer {
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a lie can have every shape.
  readonly json: any;
  /** As asked for. */
  readonly path: string;
}

/** What the agent gets instead: bytes, or something for JSON. `undefined`: the truth. A promise: it waits for its answer so long. */
export type Lies = Partial<Record<RouteName, (answer: Answer) => unknown>>;

export interface HostileProxy {
  readonly url: string;
  /** Replaces the lies told so far. */
  tell(lies: Lies): void;
  close(): Promise<void>;
}

export async function hostileProxy(service: string): Promise<HostileProxy> {
  let lies: Lies = {};
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const { status, headers, bytes } = await forward(service, incoming);
      const path = incoming.url ?? "";
      const name = routeOf(incoming.method ?? "", path);
      const lie = status < 400 && name ? await lies[name]?.({ bytes, path, json: parsed(bytes) }) : undefined;
      const told = lie === undefined ? bytes : Buffer.isBuffer(lie) ? lie : Buffer.from(JSON.stringify(lie));
      outgoing.writeHead(status, { ...headers, "content-length": told.length });
      outgoing.end(told);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // Of a server that listens on a port.
  return {
    url: `http://127.0.0.1:${port}`,
    tell: (next) => {
      lies = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(service: string, incoming: IncomingMessage) {
  type Forwarded = { status: number; headers: IncomingMessage["headers"]; bytes: Buffer };
  return new Promise<Forwarded>((resolve, reject) => {
    const { method, headers } = incoming;
    const call = send(new URL(incoming.url ?? "", service), { method, headers }, (answer) => {
      const { "transfer-encoding": _, ...kept } = answer.headers;
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 500, headers: kept, bytes }), reject);
    });
    call.on("error", reject);
    incoming.pipe(call);
  });
}

function routeOf(method: string, path: string): RouteName | undefined {
  const [plain = ""] = path.split("?");
  const found = Object.entries(ROUTES).find(
    ([, route]) => route.method === method && new RegExp(`^${route.path.replace(/\{\w+\}/g, "[^/]+")}$`).test(plain),
  );
  return found?.[0] as RouteName | undefined; // A key of that table.
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
