import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { HoldfastError } from "../../protocol/errors.ts";
import { describe, readSettings } from "../../server-mock/config.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** What reading them is refused with. */
function refusal(options: Record<string, unknown>, environment: Record<string, string> = {}): HoldfastError {
  try {
    readSettings(options, environment);
  } catch (error) {
    return error as HoldfastError; // Looked at by the caller.
  }
  throw new Error("it was accepted");
}

function settingsFile(values: unknown): string {
  const path = join(tempFolder(), "settings.json");
  writeFileSync(path, typeof values === "string" ? values : JSON.stringify(values));
  return path;
}

test("options win over variables, variables over the file, the file over defaults", () => {
  const config = settingsFile({ drainSeconds: 3, log: "warn", connections: 5, listen: "1.2.3.4:5" });
  const environment = { HOLDFAST_DRAIN_SECONDS: "4", HOLDFAST_LOG: "debug", HOLDFAST_CONFIG: config };
  const read = readSettings({ log: "error" }, environment);
  expect(read.config).toMatchObject({ log: "error", drainSeconds: 4, connections: 5, rateLogin: { count: 60 } });
  const from = (["log", "drainSeconds", "connections", "rateLogin"] as const).map((name) =>
    describe(read.origins[name], "default"),
  );
  expect(from).toEqual(["--log", "HOLDFAST_DRAIN_SECONDS", `connections in ${config}`, "default"]);
});

test("a port option wins over the address's", () => {
  expect(readSettings({ listen: "127.0.0.1:5", port: "0" }, {}).config.listen).toEqual({ host: "127.0.0.1", port: 0 });
});

test("every problem is told at once: setting, where it was given, value, what is allowed", () => {
  const config = settingsFile({ drainSeconds: -1, lisen: "x", rateLogin: "often" });
  const { code, message } = refusal(
    { config, port: "x" },
    { HOLDFAST_DATABSE_URL: "postgres://", HOLDFAST_LOG: "all" },
  );
  expect(code).toBe("config/problems");
  for (const line of [
    `lisen in ${config}: there is no such setting; did you mean listen?`,
    `drainSeconds in ${config} -1: it must be a whole number from 0 to 3600`,
    `rateLogin in ${config} often: it must be a rate`,
    "--port x: it must be a port, 0 to 65535",
    "HOLDFAST_LOG all: it must be one of silent, error, warn, info, debug",
    "HOLDFAST_DATABSE_URL: there is no such setting; did you mean HOLDFAST_DATABASE_URL?",
  ])
    expect(message).toContain(line);
});

test("a secret is shown neither when it is refused nor when it is in force", () => {
  const { message } = refusal({}, { HOLDFAST_DATABASE_URL: "mysql://me:hunter2@db" });
  expect(message).toContain("HOLDFAST_DATABASE_URL (secret)");
  expect(message).not.toContain("hunter2");
  const { shown } = readSettings({}, { HOLDFAST_METRICS_TOKEN: "hunter2" });
  expect(JSON.stringify(shown)).not.toContain("hunter2");
});

test("a secret can lie in a file of its own", () => {
  const path = settingsFile("hunter2\n");
  expect(readSettings({}, { HOLDFAST_METRICS_TOKEN_FILE: path }).config.metricsToken).toBe("hunter2");
  expect(refusal({}, { HOLDFAST_METRICS_TOKEN_FILE: `${path}x` }).message).toContain("it can't be read");
});

test("a path in the settings file begins at the file's folder", () => {
  const path = settingsFile({ data: "here" });
  expect(readSettings({ config: path }, {}).config.data).toBe(join(path, "..", "here"));
  expect(readSettings({ config: path, data: "/there" }, {}).config.data).toBe("/there");
});

test("a named settings file that is absent or no JSON object is refused", () => {
  expect(refusal({ config: "/nowhere/x.json" }).message).toContain("it is not there");
  for (const text of ["[]", "{", "null", "1"])
    expect(refusal({ config: settingsFile(text) }).message).toContain("it is not a JSON object");
});

test("variables of the agent and of others are none of the service's business", () => {
  const environment = { HOLDFAST_PASSPHRASE: "x", HOLDFAST_HOME: "x", HOLDFAST_SOMETHING_ELSE: "x", PATH: "/bin" };
  expect(readSettings({}, environment).config.log).toBe("info");
});

test("trusted proxies are addresses and networks that there can be", () => {
  const { config } = readSettings({ trustProxy: "loopback, 10.0.0.0/8,2001:db8::/32, 192.0.2.1" }, {});
  expect(config.trustProxy).toEqual(["loopback", "10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]);
  for (const trustProxy of ["999.1.1.1", "10.0.0.0/33", "10.0.0.0/8/8", "everybody", "10.0.0.0/"])
    expect(refusal({ trustProxy }).message).toContain("it must be an address, a network like 10.0.0.0/8, or loopback");
});

test("a certificate needs its key", () => {
  expect(refusal({ tlsCert: "/x.pem" }).message).toContain("one needs the other");
});
