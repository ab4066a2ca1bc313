import { expect, test } from "vitest";
import { dataPack, registerMachine } from "../../test/support/test-machine.ts";
import { startTestService, type TestService } from "../../test/support/test-service.ts";

async function scrape(service: TestService, headers: Record<string, string> = {}) {
  const response = await fetch(`${service.address}/metrics`, { headers });
  return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
}

/** The value of a series. */
const seriesValue = (text: string, series: string): number | undefined => {
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

test("calls, packs, jobs, machines and the parts that answer are measured", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await machine.open();
  const pack = dataPack(machine.vault.id, 3);
  await machine.put(pack);
  await machine.put(pack);
  await fetch(`${service.address}/nowhere`);
  const { status, type, text } = await scrape(service);
  expect([status, type?.startsWith("text/plain")]).toEqual([200, true]);
  const put = 'method="PUT",route="/v1/sessions/:session/packs/:pack"';
  expect(seriesValue(text, `holdfast_http_request_duration_seconds_count{${put},status="201"}`)).toBe(1);
  expect(seriesValue(text, 'holdfast_http_request_duration_seconds_count{method="GET",route="*",status="404"}')).toBe(
    1,
  );
  expect(seriesValue(text, 'holdfast_packs_received_total{known="true"}')).toBe(1);
  expect(seriesValue(text, "holdfast_pack_bytes_received_total")).toBe(pack.bytes.length);
  expect(seriesValue(text, "holdfast_http_requests_in_flight")).toBe(1);
  expect(seriesValue(text, 'holdfast_machines{state="active"}')).toBe(1);
  expect(seriesValue(text, 'holdfast_machines_backed_up{last="never"}')).toBe(1);
  expect(seriesValue(text, "holdfast_sessions_open")).toBe(1);
  expect(seriesValue(text, 'holdfast_up{what="database"}')).toBe(1);
  expect(seriesValue(text, 'holdfast_job_last_success_timestamp_seconds{job="end-expired"}')).toBeGreaterThan(0);
  expect(text).toContain("nodejs_eventloop_lag_seconds");
});

test("no series names a machine, an account or an address", async () => {
  const service = await startTestService();
  const machine = await registerMachine(service);
  await service.call("ownMachine", { token: machine.token });
  const { text } = await scrape(service);
  for (const name of [machine.id, service.first.user.email, "127.0.0.1"]) expect(text).not.toContain(name);
});

test("with a token of its own only that token reads them", async () => {
  const service = await startTestService({ config: { metricsToken: "let-me-look" } });
  expect((await scrape(service)).status).toBe(401);
  expect((await scrape(service, { authorization: "Bearer let-me-lurk" })).status).toBe(401);
  expect((await scrape(service, { authorization: `Bearer ${await service.logIn("admin")}` })).status).toBe(401);
  expect((await scrape(service, { authorization: "Bearer let-me-look" })).status).toBe(200);
});

test("without one, whoever comes through a proxy on this machine is nobody", async () => {
  const service = await startTestService();
  expect((await scrape(service, { "x-forwarded-for": "127.0.0.1" })).status).toBe(404);
});
