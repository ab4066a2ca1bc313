/** What is measured, as Prometheus reads it. No label takes values that a caller chooses: neither ids nor names. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { MeteredCall } from "../http/call-meter.ts";
import type { CountMetrics, Figures, JobTurn } from "./figures.ts";

/** Seconds; packs take long on slow lines. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

export interface Metrics {
  readonly contentType: string;
  countCall(call: MeteredCall): void;
  countTurn(job: string, turn: JobTurn): void;
  text(): Promise<string>;
}

/** `running` and `figures` are asked at each scrape. */
export function makeMetrics({ running, figures }: { running: () => number; figures: CountMetrics }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: "holdfast_http_request_duration_seconds",
    help: "Calls by route and status.",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS,
    registers,
  });
  const inFlight = { name: "holdfast_http_requests_in_flight", help: "Calls in progress." };
  new Gauge({ ...inFlight, registers, collect: gauge((self) => self.set(running())) });
  const packs = new Counter({
    name: "holdfast_packs_received_total",
    help: "Packs taken in; known ones were there already.",
    labelNames: ["known"],
    registers,
  });
  const bytes = new Counter({ name: "holdfast_pack_bytes_received_total", help: "Bytes of new packs.", registers });
  const commits = new Counter({ name: "holdfast_commits_total", help: "Snapshots committed.", registers });
  const jobs = jobMetrics(registers);
  const show = figureMetrics(registers);
  return {
    contentType: registry.contentType,
    countCall({ route = "none", method, status, seconds, bytes: size }) {
      calls.observe({ method: route === "none" ? "any" : method, route, status }, seconds);
      if (route.endsWith("/packs/:pack") && method === "PUT" && status < 300) {
        packs.inc({ known: String(status === 200) });
        if (status === 201) bytes.inc(size);
      }
      if (route.endsWith("/commit") && status < 300) commits.inc();
    },
    countTurn: jobs,
    async text() {
      show(await figures());
      return await registry.metrics();
    },
  };
}

/** prom-client hands the gauge as `this`. */
const gauge = (collect: (self: Gauge) => void) =>
  function (this: Gauge) {
    collect(this);
  };

function jobMetrics(registers: Registry[]): (job: string, turn: JobTurn) => void {
  const labelNames = ["job"];
  const last = new Gauge({
    name: "holdfast_job_last_success_timestamp_seconds",
    help: "When a job last succeeded.",
    labelNames,
    registers,
  });
  const took = new Gauge({ name: "holdfast_job_duration_seconds", help: "Of its last turn.", labelNames, registers });
  const failures = new Counter({
    name: "holdfast_job_failures_total",
    help: "Turns that failed.",
    labelNames,
    registers,
  });
  return (job, { ms, at, isFailed }) => {
    took.set({ job }, ms / 1000);
    failures.inc({ job }, isFailed ? 1 : 0);
    if (!isFailed) last.set({ job }, at / 1000);
  };
}

function figureMetrics(registers: Registry[]): (figures: Figures) => void {
  const make = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `holdfast_${name}`, help, labelNames, registers });
  const up = make("up", "1 when it answers.", "what");
  const machines = make("machines", "Machines by state.", "state");
  const recency = make("machines_backed_up", "Active machines by their last successful backup.", "last");
  const sessions = make("sessions_open", "Backups that hold a lease.");
  const mails = make("mails", "Mails in the outbox by state.", "state");
  const alerts = make("alerts_open", "Alerts that are open.");
  return (figures) => {
    for (const [what, isUp] of Object.entries(figures.up)) up.set({ what }, isUp ? 1 : 0);
    const { counted } = figures;
    if (counted === undefined) return;
    const { active, suspended, deleted, ...last } = counted.machines;
    for (const [state, count] of Object.entries({ active, suspended, deleted })) machines.set({ state }, count);
    for (const [name, count] of Object.entries(last)) recency.set({ last: name }, count);
    sessions.set(counted.sessions);
    for (const [state, count] of Object.entries(counted.mails)) mails.set({ state }, count);
    alerts.set(counted.alerts);
  };
}
