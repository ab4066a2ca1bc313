import { expect, test } from "vitest";
import { lineOf, server, start } from "../support/run-program.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("each call leaves a line: who, which route, how it ended, how long it took; never a secret", async () => {
  const data = `${tempFolder()}/service`;
  const { user, admin } = JSON.parse((await server(["init", "--data", data, "--json"])).stdout);
  const child = start("server-mock/main.ts", ["start", "--data", data, "--port", "0"]);
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (piece: string) => {
    log += piece;
  });
  const [, url = ""] = await lineOf(child, /listening on (\S+)/);
  const headers = { "content-type": "application/json" };
  const post = (body: unknown) => fetch(`${url}/v1/login`, { method: "POST", headers, body: JSON.stringify(body) });
  const { token, account } = (await (await post(admin)).json()) as {
    token: string;
    account: { id: string; organization: string };
  };
  await post({ email: user.email, password: "a wrong password" });
  const listed = await fetch(`${url}/v1/users?limit=7`, { headers: { authorization: `Bearer ${token}` } });
  await fetch(`${url}/health/live`);
  await expect.poll(() => log.split("\n").filter((line) => line.includes('"call"'))).toHaveLength(3);
  const lines = log.split("\n").filter((line) => line.includes('"call"'));
  const calls = lines.map((line) => JSON.parse(line));
  expect(calls.map(({ method, route, status }) => [method, route, status])).toEqual([
    ["POST", "/v1/login", 200],
    ["POST", "/v1/login", 401],
    ["GET", "/v1/users", 200],
  ]);
  expect(calls[2]).toMatchObject({ account: account.id, organization: account.organization, address: "127.0.0.1" });
  expect(calls[2].reqId).toBe(listed.headers.get("x-request-id"));
  expect(calls[2].ms).toBeGreaterThanOrEqual(0);
  for (const secret of [token, admin.password, "a wrong password", user.email, "limit=7"])
    expect(log).not.toContain(secret);
});
