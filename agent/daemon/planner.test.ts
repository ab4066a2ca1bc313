import fc from "fast-check";
import { expect, test } from "vitest";
import type { Schedule } from "../../protocol/messages/policies.ts";
import { afterRun, type Destination, type Outcome, type PastRuns, RETRY_MAX_MS, retryMs } from "./past-runs.ts";
import type { Plan, PlanFacts, Start } from "./plan-facts.ts";
import { LOOK_AGAIN_MS, plan, REST_MS, WAKE_MS } from "./planner.ts";
import { constantChangeMs, LATE_MS } from "./schedule-due.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 2, 12); // A Monday.

const continuous = (quietSeconds = 60): Schedule => ({ type: "Continuous", quietSeconds });
const automatic: Schedule = { type: "Automatic", cpuBelowPercent: 20, idleMinutes: 10, hoursSinceLast: 4 };
const daily = (at: string, catchUp = true): Schedule => ({
  type: "Scheduled",
  frequency: "daily",
  weekdays: [],
  at,
  spreadMinutes: 0,
  catchUp,
});
const local = (at: string): Schedule => ({ ...daily(at), type: "Local", folder: "/mnt/disk" }) as Schedule; // What daily says, to a folder.

const facts = (more: Partial<PlanFacts>): PlanFacts => ({
  schedules: [],
  schedulesSinceMs: 0,
  nowMs: START,
  timeZone: "UTC",
  seed: 0.5,
  past: {},
  readings: { cpuPercent: 1, idleMinutes: 600 },
  ...more,
});
const run = (startedAt: number, outcome: Outcome = "succeeded", past?: PastRuns): PastRuns =>
  afterRun(past, { startedAt, endedAt: startedAt + MINUTE, outcome });
const kindsOf = (found: Plan) => (found.kind === "wait" ? found.because.map(({ kind }) => kind) : [found.kind]);

/** A machine whose clocks, changes and luck a test decides. */
class Life {
  readonly starts: {
    readonly to: Destination;
    readonly steadyMs: number;
    readonly wallMs: number;
    readonly start: Start;
  }[] = [];
  steadyMs = 0;
  wallMs: number;
  pending: PlanFacts["pending"];
  readonly past: { cloud?: PastRuns; local?: PastRuns } = {};
  readonly #ended: { cloud?: number; local?: number } = {};
  readonly #given: Partial<PlanFacts>;

  constructor(given: Partial<PlanFacts>, wallMs = START) {
    this.#given = { schedulesSinceMs: wallMs, ...given };
    this.wallMs = wallMs;
  }

  change(): void {
    this.pending = { sinceMs: this.pending?.sinceMs ?? this.wallMs, lastMs: this.wallMs };
  }

  pass(ms: number): void {
    this.steadyMs += ms;
    this.wallMs += ms;
  }

  /** Looks once; a run that begins lasts `runMs`. How long to wait otherwise. */
  look(outcome: Outcome, runMs: number): number {
    const sinceEndMs: { cloud?: number; local?: number } = {};
    for (const to of ["cloud", "local"] as const) {
      const ended = this.#ended[to];
      if (ended !== undefined) sinceEndMs[to] = this.steadyMs - ended;
    }
    const { past, pending, wallMs: nowMs } = this;
    const found = plan(facts({ ...this.#given, nowMs, past, pending, sinceEndMs }));
    if (found.kind === "wait") {
      expect(found.until).toBeGreaterThan(nowMs);
      expect(found.because).not.toHaveLength(0);
      return Math.min(found.until - nowMs, LOOK_AGAIN_MS);
    }
    const to: Destination = found.type === "Local" ? "local" : "cloud";
    const startedAt = this.wallMs;
    this.starts.push({ to, steadyMs: this.steadyMs, wallMs: startedAt, start: found });
    this.pass(runMs);
    this.past[to] = afterRun(this.past[to], { startedAt, endedAt: this.wallMs, outcome });
    this.#ended[to] = this.steadyMs;
    if (outcome === "succeeded") this.pending = undefined;
    return 1;
  }

  /** Milliseconds that nobody can set, from each end to the next start. */
  gaps(runMs: number, to: Destination = "cloud"): number[] {
    const of = this.starts.filter((each) => each.to === to);
    return of.slice(1).map(({ steadyMs }, index) => steadyMs - (of[index]?.steadyMs ?? 0) - runMs);
  }
}

const outcomes = fc.constantFrom<Outcome>("succeeded", "succeeded", "failed", "cancelled");
const anySchedules = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 4000 }).map(continuous),
    fc.constant(automatic),
    fc.integer({ min: 0, max: 23 }).map((hour) => daily(`${String(hour).padStart(2, "0")}:30`)),
    fc.constant(local("04:00")),
  ),
  { minLength: 1, maxLength: 4 },
);
const YEAR = 365 * DAY;
const jumps = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  fc.integer({ min: -2 * HOUR, max: 2 * HOUR }),
  fc.integer({ min: -3 * YEAR, max: 3 * YEAR }),
);

test("however clocks are set and runs end, two runs to one place begin no closer than the rest between them", () => {
  const steps = fc.array(fc.record({ jump: jumps, outcome: outcomes, isChanged: fc.boolean(), waitMs: fc.nat(HOUR) }), {
    minLength: 20,
    maxLength: 120,
  });
  fc.assert(
    fc.property(anySchedules, steps, fc.nat(10 * MINUTE), (schedules, lived, runMs) => {
      const life = new Life({ schedules });
      for (const { jump, outcome, isChanged, waitMs } of lived) {
        life.wallMs += jump;
        if (isChanged) life.change();
        life.pass(Math.min(life.look(outcome, runMs), waitMs));
      }
      for (const to of ["cloud", "local"] as const)
        for (const gap of life.gaps(runMs, to)) expect(gap).toBeGreaterThanOrEqual(REST_MS);
    }),
    { numRuns: 150 },
  );
});

test("a continuous one never lets more than a day pass, or an hour and a quarter after a failure, however the clock is set", () => {
  const steps = fc.array(fc.record({ jump: jumps, outcome: fc.constantFrom<Outcome>("succeeded", "failed") }), {
    minLength: 150,
    maxLength: 250,
  });
  fc.assert(
    fc.property(steps, fc.boolean(), (lived, isBusy) => {
      const life = new Life({ schedules: [continuous()] });
      let longestMs = 0;
      let sinceMs = 0;
      for (const { jump, outcome } of lived) {
        life.wallMs += jump;
        if (isBusy) life.change();
        const { length } = life.starts;
        const restMs = life.past.cloud?.outcome === "failed" ? 1.25 * HOUR : DAY;
        life.pass(life.look(outcome, 0));
        if (life.starts.length > length) sinceMs = life.steadyMs;
        else longestMs = Math.max(longestMs, (life.steadyMs - sinceMs) / (restMs + 20 * MINUTE));
      }
      expect(life.starts).not.toHaveLength(0);
      expect(longestMs).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});

test("after one jump of the clock, however far, a daily one is back within a day and its spread, and it makes no more than one run of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: -3 * YEAR, max: 3 * YEAR }), fc.nat(DAY), (jump, at) => {
      const life = new Life({ schedules: [daily("21:30")] });
      while (life.steadyMs < 2 * DAY + at) life.pass(life.look("succeeded", MINUTE));
      const before = life.starts.length;
      life.wallMs += jump;
      const jumpedAt = life.steadyMs;
      while (life.steadyMs < jumpedAt + 3 * DAY) life.pass(life.look("succeeded", MINUTE));
      const after = life.starts.slice(before).map(({ steadyMs }) => steadyMs - jumpedAt);
      expect(after[0]).toBeLessThanOrEqual(DAY + LOOK_AGAIN_MS);
      expect(after.length).toBeGreaterThanOrEqual(2);
      expect(after.length).toBeLessThanOrEqual(4);
    }),
    { numRuns: 12 },
  );
});

test("a daily one runs once each day, also on days of 23 and 25 hours", () => {
  for (const [timeZone, at, change] of [
    ["Europe/Berlin", "02:30", "2026-03-29T01:00Z"],
    ["Europe/Berlin", "02:30", "2026-10-25T01:00Z"],
    ["America/New_York", "01:15", "2026-11-01T06:00Z"],
    ["Australia/Lord_Howe", "01:45", "2026-04-04T15:00Z"],
  ] as const) {
    const from = Temporal.Instant.from(change).subtract({ hours: 36 }).epochMilliseconds;
    const life = new Life({ schedules: [daily(at)], timeZone }, from);
    while (life.steadyMs < 4 * DAY) life.pass(life.look("succeeded", MINUTE));
    const days = life.starts.map(({ wallMs }) =>
      Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
    );
    expect(days).toHaveLength(4);
    expect(new Set(days).size).toBe(4);
  }
});

test("what was missed is caught up once, however many times it was", () => {
  const given = { schedules: [daily("21:30"), daily("12:00")], past: { cloud: run(START - 20 * DAY) } };
  const found = plan(facts({ ...given, nowMs: START + HOUR }));
  expect(found).toMatchObject({ kind: "start", type: "Scheduled", reason: { kind: "caught-up" } });
  const life = new Life({ ...given, schedulesSinceMs: 0 });
  life.past.cloud = run(START - 20 * DAY);
  life.pass(HOUR);
  while (life.wallMs < START + 8 * HOUR) life.pass(life.look("succeeded", MINUTE));
  expect(life.starts).toHaveLength(1);
});

test("what is not to be caught up waits for its next time, unless it is hardly late", () => {
  const given = { schedules: [daily("11:00", false)], past: { cloud: run(START - 20 * HOUR) } };
  expect(plan(facts({ ...given, nowMs: START - HOUR + LATE_MS }))).toMatchObject({ reason: { kind: "due" } });
  expect(plan(facts({ ...given, nowMs: START - HOUR + LATE_MS + 1 }))).toMatchObject({
    kind: "wait",
    next: { type: "Scheduled", at: START + 23 * HOUR, sense: "at" },
  });
});

test("a schedule that is new has missed nothing", () => {
  const found = plan(facts({ schedules: [daily("11:00")], schedulesSinceMs: START - MINUTE }));
  expect(found).toMatchObject({ kind: "wait", next: { at: START + 23 * HOUR } });
});

test("a failed one is tried again with growing waits, and its next time comes when it comes", () => {
  const life = new Life({ schedules: [daily("13:00")] });
  while (life.steadyMs < 2 * DAY) life.pass(life.look("failed", 0));
  const gaps = life.gaps(0);
  expect(gaps.slice(0, 6)).toEqual([REST_MS, ...[2, 3, 4, 5, 6].map((failures) => retryMs(failures, 0.5))]);
  for (const gap of gaps) expect(gap).toBeLessThanOrEqual(RETRY_MAX_MS * 1.2);
  expect(life.starts.map(({ wallMs }) => wallMs)).toContain(START + HOUR + DAY);
  expect(life.starts.length).toBeLessThan(70);
});

test("waits after failures grow to an hour, and not all machines wait the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, seed) => {
      const wait = retryMs(failures, seed) / Math.min(RETRY_MAX_MS, MINUTE * 2 ** (failures - 1));
      expect(wait).toBeGreaterThanOrEqual(0.799);
      expect(wait).toBeLessThanOrEqual(1.201);
    }),
  );
  expect(new Set([0, 0.1, 0.2, 0.3].map((seed) => retryMs(7, seed))).size).toBe(4);
});

test("after a success, what had failed is not tried again", () => {
  const failed = run(START - 3 * HOUR, "failed", run(START - 2 * DAY));
  const given = { schedules: [daily("09:00")] };
  expect(plan(facts({ ...given, past: { cloud: failed } }))).toMatchObject({
    reason: { kind: "tried-again", failures: 1 },
  });
  expect(plan(facts({ ...given, past: { cloud: run(START - HOUR, "succeeded", failed) } })).kind).toBe("wait");
});

test("what somebody cancelled begins by itself no sooner than an hour later, or at the next time", () => {
  const past = { cloud: run(START - 10 * MINUTE, "cancelled", run(START - 2 * DAY)) };
  const pending = { sinceMs: START - HOUR, lastMs: START - HOUR };
  expect(kindsOf(plan(facts({ schedules: [continuous()], past, pending })))).toEqual(["after-cancel"]);
  expect(kindsOf(plan(facts({ schedules: [daily("11:55")], past })))).toEqual(["start"]);
  expect(kindsOf(plan(facts({ schedules: [daily("11:40")], past })))).toEqual(["time"]);
  expect(kindsOf(plan(facts({ schedules: [continuous()], past, pending, nowMs: START + HOUR })))).toEqual(["start"]);
});

test("automatic: idle, little to do, and long enough ago; all three", () => {
  const past = { cloud: run(START - 5 * HOUR) };
  const given = { schedules: [automatic], past };
  expect(plan(facts(given))).toMatchObject({ kind: "start", type: "Automatic" });
  expect(kindsOf(plan(facts({ ...given, readings: { cpuPercent: 20, idleMinutes: 600 } })))).toEqual(["cpu"]);
  expect(plan(facts({ ...given, readings: { cpuPercent: 1, idleMinutes: 4 } }))).toMatchObject({
    because: [{ kind: "idle", idleMinutes: 4, wantedMinutes: 10 }],
    until: START + 6 * MINUTE,
  });
  expect(plan(facts({ ...given, past: { cloud: run(START - 3 * HOUR) } }))).toMatchObject({
    because: [{ kind: "hours-since-last" }],
    next: { at: START + HOUR + MINUTE, sense: "not-before" },
  });
});

test("automatic: where nobody can tell whether somebody is there, the processors decide; before the first reading nothing does", () => {
  const given = { schedules: [automatic] };
  expect(plan(facts({ ...given, readings: { cpuPercent: 1, idleMinutes: null } })).kind).toBe("start");
  expect(kindsOf(plan(facts({ ...given, readings: { cpuPercent: null, idleMinutes: null } })))).toEqual(["cpu"]);
});

test("continuous: after a quiet time, and under constant change not much later", () => {
  const given = { schedules: [continuous(60)], past: { cloud: run(START - HOUR) } };
  expect(plan(facts({ ...given, pending: { sinceMs: START - 70_000, lastMs: START - 59_000 } }))).toMatchObject({
    because: [{ kind: "quiet" }],
    until: START + 1000,
  });
  expect(plan(facts({ ...given, pending: { sinceMs: START - 70_000, lastMs: START - 60_000 } }))).toMatchObject({
    kind: "start",
    reason: { kind: "changes", isQuiet: true },
  });
  const busy = { sinceMs: START - constantChangeMs(60_000), lastMs: START };
  expect(plan(facts({ ...given, pending: busy }))).toMatchObject({ reason: { kind: "changes", isQuiet: false } });
  expect([1, 60, 300, 3600, 7200].map((seconds) => constantChangeMs(seconds * 1000) / MINUTE)).toEqual([
    15, 15, 50, 60, 120,
  ]);
});

test("continuous: the first at once; then, when nothing changes, one a day", () => {
  expect(plan(facts({ schedules: [continuous()] }))).toMatchObject({ kind: "start", reason: { kind: "first" } });
  const past = { cloud: run(START - DAY) };
  expect(plan(facts({ schedules: [continuous()], past }))).toMatchObject({
    because: [{ kind: "no-changes" }],
    next: { at: START + MINUTE, sense: "at-the-latest" },
  });
  expect(plan(facts({ schedules: [continuous()], past, nowMs: START + MINUTE }))).toMatchObject({
    reason: { kind: "a-day-has-passed" },
  });
});

test("manual ones never begin by themselves", () => {
  expect(plan(facts({ schedules: [{ type: "Manual" }] }))).toEqual({
    kind: "wait",
    until: START + LOOK_AGAIN_MS,
    because: [{ kind: "nothing-scheduled" }],
  });
});

test("schedules that are due together make one run, of the type that was due first", () => {
  const life = new Life({ schedules: [continuous(), daily("12:05")] });
  life.past.cloud = run(START - HOUR);
  life.pass(5 * MINUTE);
  life.pending = { sinceMs: life.wallMs - HOUR, lastMs: life.wallMs - MINUTE };
  while (life.steadyMs < HOUR) life.pass(life.look("succeeded", MINUTE));
  expect(life.starts).toHaveLength(1);
});

test("a local one goes to its folder, beside whatever goes to the service", () => {
  const schedules = [daily("11:00"), local("11:30")];
  const past = { cloud: run(START - 55 * MINUTE), local: run(START - DAY) };
  expect(plan(facts({ schedules, past }))).toEqual({
    kind: "start",
    type: "Local",
    folder: "/mnt/disk",
    reason: { kind: "due", at: START - 30 * MINUTE },
  });
  expect(kindsOf(plan(facts({ schedules, past: { ...past, local: run(START - 5 * MINUTE) } })))).toEqual(["time"]);
});

test("nothing begins in the first minute after waking", () => {
  const given = { schedules: [daily("11:30")], wokeAtMs: START - 1000 };
  expect(plan(facts(given))).toMatchObject({ because: [{ kind: "waking" }], until: START - 1000 + WAKE_MS });
  expect(plan(facts({ ...given, nowMs: START - 1000 + WAKE_MS })).kind).toBe("start");
});

test("a run that the memory dates into the future is one of which the time is not known", () => {
  const past = { cloud: run(START + YEAR) };
  expect(plan(facts({ schedules: [continuous()], past })).kind).toBe("start");
  expect(plan(facts({ schedules: [daily("11:00")], past })).kind).toBe("start");
  expect(plan(facts({ schedules: [automatic], past })).kind).toBe("start");
});

test("a success that a wrong clock dated into the future does not hide that the runs after it failed", () => {
  const past = { cloud: run(START - HOUR, "failed", run(START + YEAR)) };
  expect(plan(facts({ schedules: [daily("10:30")], past }))).toMatchObject({ reason: { kind: "tried-again" } });
  expect(plan(facts({ schedules: [automatic], past })).kind).toBe("start");
});
