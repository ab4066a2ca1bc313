/** Shares connections out among several services, each in turn, as a balancer in front of them does; who doesn't answer is passed over. */
import { createConnection, createServer, type Socket } from "node:net";

export interface Balancer extends AsyncDisposable {
  readonly url: string;
  /** Connections that each service got. */
  readonly counts: ReadonlyMap<string, number>;
}

export async function startBalancer(services: () => readonly string[]): Promise<Balancer> {
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  let turn = 0;

  const pass = (client: Socket, left: number): void => {
    const all = services();
    const url = all[turn++ % all.length];
    if (url === undefined || left === 0) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(url);
    const service = createConnection({ host: hostname, port: Number(port) });
    let isConnected = false;
    sockets.add(service);
    service.once("close", () => sockets.delete(service));
    service.once("connect", () => {
      isConnected = true;
      counts.set(url, (counts.get(url) ?? 0) + 1);
      client.pipe(service).pipe(client);
      // A service that dies cuts its callers, too.
      service.once("close", () => client.destroy());
      client.once("close", () => service.destroy());
    });
    service.once("error", () => {
      if (isConnected) client.destroy();
      else pass(client, left - 1);
    });
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.once("close", () => sockets.delete(client));
    client.on("error", () => client.destroy());
    pass(client, services().length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
