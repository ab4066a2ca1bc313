import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { HttpClient } from "./http-client.ts";

test.each<[string, (answer: ServerResponse) => void]>([
  ["announced as endless", (answer) => answer.writeHead(200, { "content-length": "1000000000000" }).write("{")],
  [
    "without an end",
    (answer) => {
      const piece = Buffer.alloc(1024 * 1024, " ");
      const more = (): void => {
        while (answer.write(piece));
        answer.once("drain", more);
      };
      more();
    },
  ],
])("an answer %s fills no memory", async (_, respond) => {
  const server = createServer((_request, answer) => respond(answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const client = new HttpClient({ url: `http://127.0.0.1:${port}` });
  const told = { code: "service/unreachable", data: { reason: "its answer does not end" } };
  await expect(client.call("service")).rejects.toMatchObject(told);
  server.closeAllConnections();
  server.close();
});
