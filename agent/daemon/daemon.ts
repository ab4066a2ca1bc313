/**
 * The agent at work: looks, decides, runs, and waits. One loop decides everything, at least every half minute, from what is known at that moment: the
 * configuration, past runs, known changes, the machine's readings, the clock. Whatever happens in between only rings its alarm, so that a lost event, a
 * sleep or a clock that jumps delays it by one stretch and nothing more. Never two backups at once, and no change is forgotten before a snapshot has it.
 */
import { join } from "node:path";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
import type { BackupType } from "../../protocol/messages/sessions.ts";
import type { Config } from "../config/effective.ts";
import { serveControl } from "../control/control-server.ts";
import type { RunView, StatusView } from "../control/messages.ts";
import { RateLimit } from "../remote/rate-limit.ts";
import { NO_READINGS, type Readings } from "../sensors/readings.ts";
import type { Wanted } from "../sensors/sensors.ts";
import { DirtyPaths } from "../watch/dirty-paths.ts";
import { Alarm } from "./alarm.ts";
import { rateAt } from "./bandwidth.ts";
import { Complaints } from "./complaints.ts";
import { type LoadState, mayRun } from "./conditions.ts";
import { Contact } from "./contact.ts";
import { answerControl } from "./control-answers.ts";
import { lockDaemon } from "./daemon-lock.ts";
import { heartbeatOf } from "./heartbeat-facts.ts";
import { DaemonMemory } from "./memory.ts";
import type { DaemonParts, LocalFacts } from "./parts.ts";
import { type Destination, destinationOf } from "./past-runs.ts";
import type { NextRun, Plan } from "./plan-facts.ts";
import { plan } from "./planner.ts";
import { Runner } from "./runner.ts";
import { statusOf } from "./status.ts";
import { WatchKeeper } from "./watch-keeper.ts";
import { reasonText, waitsText } from "./words.ts";

const DAY_MS = 86_400_000;
/** Longer than the loop ever waits: the machine slept, or its clock was set. */
const SLEPT_MS = 2 * 60_000;
const FOREVER = Number.MAX_SAFE_INTEGER;
const ASKED = "asked for";

/** A code for the service, words for people. */
export interface Because {
  readonly code: string;
  readonly text: string;
}

/** Of a backup. */
export interface Wish {
  readonly type: BackupType;
  /** Everything is looked at. */
  readonly isFull: boolean;
}

interface Permission {
  readonly because: Because | undefined;
  /** Till then it stays so. */
  readonly until: number | undefined;
}

export class Daemon {
  readonly parts: DaemonParts;
  readonly memory: DaemonMemory;
  readonly dirty: DirtyPaths;
  readonly runner: Runner;
  readonly contact: Contact;
  readonly startedAt: number;
  readonly #lock: Disposable;
  readonly #alarm: Alarm;
  readonly #uploadLimit: RateLimit;
  readonly #watch: WatchKeeper;
  readonly #complaints: Complaints | undefined;
  readonly #listeners = new Set<() => void>();
  config: Config | undefined;
  configError: HoldfastError | undefined;
  next: NextRun | undefined;
  local: LocalFacts | undefined;
  /** Why no backup runs now although one would, or why the running one stands still. */
  because: Because | undefined;
  #configMark = "";
  #readings: Readings = NO_READINGS;
  #load: LoadState | undefined;
  #lookedAt: number;
  #wokeAt: number | undefined;
  /** Backups that people wait for while another runs: one to each place, however many ask. */
  readonly #wished = new Map<Destination, { isFull: boolean; readonly run: Promise<RunView> }>();
  #isEnding = false;
  /** Somebody at the machine wants the running backup: conditions don't hold it up. */
  #isWanted = false;
  #isWaiting = false;

  /** Throws `agent/running`. Whoever makes one runs it. */
  constructor(parts: DaemonParts) {
    const { clock, dataFolder } = parts;
    this.#lock = lockDaemon(dataFolder);
    this.parts = parts;
    this.startedAt = clock.now();
    this.#lookedAt = clock.now();
    this.#alarm = new Alarm(clock);
    this.#uploadLimit = new RateLimit(clock);
    this.memory = new DaemonMemory(dataFolder);
    this.#complaints = parts.notify && new Complaints(this.memory, parts.notify);
    this.dirty = new DirtyPaths({ path: join(dataFolder, "watch.db"), clock });
    this.runner = new Runner({ parts, memory: this.memory, dirty: this.dirty, uploadLimit: this.#uploadLimit });
    this.#watch = new WatchKeeper(parts, this.dirty, () => this.#alarm.ring());
    this.contact = new Contact({
      parts,
      facts: () => heartbeatOf(this.status(), this.because?.code),
      config: () => this.config,
      onPolicy: () => this.reload(),
      onBack: () => {
        this.runner.forgive("cloud");
        this.#alarm.ring();
      },
    });
  }

  /** Until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { parts } = this;
    using _lock = this.#lock;
    const control = await serveControl(parts.dataFolder, (request, gone) => answerControl(this, request, gone));
    const stop = new AbortController();
    const onStop = () => {
      stop.abort();
      this.#alarm.ring();
    };
    signal.addEventListener("abort", onStop, { once: true });
    if (signal.aborted) onStop();
    parts.log.write("info", "agent.start", { pid: process.pid });
    const speaking = this.contact.run(stop.signal);
    try {
      while (!stop.signal.aborted) {
        const lookAgainAt = await this.#lookSafely();
        this.#tell();
        this.#isWaiting = true;
        await this.#alarm.wait(lookAgainAt, stop.signal);
        this.#isWaiting = false;
      }
    } finally {
      stop.abort();
      signal.removeEventListener("abort", onStop);
      this.#isEnding = true;
      await this.runner.end();
      // Nobody asks any more before what answers is closed.
      await control[Symbol.asyncDispose]();
      await speaking;
      await this.#watch.close();
      this.dirty.close();
      this.memory[Symbol.dispose]();
      parts.log.write("info", "agent.stop", {});
    }
  }

  /** Nothing to do before some time comes or something happens. */
  get isAtRest(): boolean {
    return this.#isWaiting && !this.runner.running && this.#wished.size === 0;
  }

  /** When this machine's agent was here first. */
  get beganAt(): number {
    const known = this.memory.find("beganAt");
    if (typeof known === "number") return known;
    this.memory.put("beganAt", this.startedAt);
    return this.startedAt;
  }

  get pausedUntil(): number | undefined {
    const until = this.memory.find("pausedUntil");
    return typeof until === "number" && until > this.parts.clock.now() ? until : undefined;
  }

  get uploadBytesPerSecond(): number | undefined {
    return Number.isFinite(this.#uploadLimit.rate) ? this.#uploadLimit.rate : undefined;
  }

  get watching(): StatusView["watching"] {
    return { ...this.#watch.view, changes: this.dirty.count };
  }

  /** Throws `agent/paused`, and what keeps the configuration from being read. */
  async mayBackUp(): Promise<void> {
    if (this.#isEnding) throw new HoldfastError("agent/not-running", { reason: "it is ending" });
    const until = this.pausedUntil;
    if (until !== undefined)
      throw new HoldfastError("agent/paused", {
        until: until === FOREVER ? "until somebody resumes them" : `until ${new Date(until).toISOString()}`,
      });
    await this.#readConfig();
    if (this.configError) throw this.configError;
  }

  /** A backup that begins now, or when the one that runs has ended; its end. Throws what `mayBackUp` does. */
  async backUpNow({ type, isFull }: Wish): Promise<RunView> {
    await this.mayBackUp();
    const to = destinationOf(type);
    const known = this.#wished.get(to);
    if (known) {
      known.isFull ||= isFull;
      return await known.run;
    }
    const run = this.#takeTurn(type, to);
    this.#wished.set(to, { isFull, run });
    return await run;
  }

  async #takeTurn(type: BackupType, to: Destination): Promise<RunView> {
    try {
      do await this.runner.done;
      while (this.runner.running);
      // From here to the beginning nobody else has a turn.
      const isFull = this.#wished.get(to)?.isFull ?? false;
      if (this.pausedUntil !== undefined) await this.mayBackUp();
      const begun = this.#begin({ type, isFull }, ASKED);
      this.#wished.delete(to);
      if (!begun) throw new HoldfastError("agent/not-running", { reason: "it is ending" });
      this.#alarm.ring();
      this.#tell();
      return await begun;
    } finally {
      this.#wished.delete(to);
    }
  }

  pause(forMs: number | undefined): number {
    const until = forMs === undefined ? FOREVER : this.parts.clock.now() + forMs;
    this.memory.put("pausedUntil", until);
    this.parts.log.write("info", "agent.pause", forMs === undefined ? {} : { until: new Date(until).toISOString() });
    this.#changed();
    return until;
  }

  resume(): void {
    this.memory.put("pausedUntil", undefined);
    this.parts.log.write("info", "agent.resume", {});
    this.#changed();
  }

  /** Throws `agent/nothing-running`. */
  cancel(): void {
    if (!this.runner.cancel()) throw new HoldfastError("agent/nothing-running");
  }

  /** The files of the configuration may be others now. */
  reload(): void {
    this.#configMark = "";
    this.#alarm.ring();
  }

  status(): StatusView {
    return statusOf(this);
  }

  /** Called whenever the status may be another. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** What goes wrong with one look may be over by the next one: a disk that is full, a drive that is stuck. */
  async #lookSafely(): Promise<number> {
    try {
      const lookAgainAt = await this.#look();
      if (this.config?.notifications.value) this.#complaints?.tell(this.status().troubles, this.parts.clock.now());
      return lookAgainAt;
    } catch (cause) {
      const { code, message } = asHoldfastError(cause);
      this.parts.log.write("error", "agent.look-failed", { code, message, stack: stackOf(cause) });
      return this.parts.clock.now() + DAY_MS;
    }
  }

  /** One look at everything; when to look again, at the latest. */
  async #look(): Promise<number> {
    const { clock } = this.parts;
    this.#noticeSleep();
    await this.#readConfig();
    const config = this.config;
    const nowMs = clock.now();
    if (!config) return nowMs + DAY_MS;
    this.#readings = await this.parts.readSensors(wantedOf(config));
    this.local = await this.parts.localFacts(config);
    const paceUntil = this.#setPace(config);
    const planned = this.#plan(config);
    this.next = planned.kind === "wait" ? planned.next : undefined;
    const may = this.#mayRun(config);
    if (this.runner.running) {
      this.#setGate(may);
      return Math.min(paceUntil, may.until ?? Number.POSITIVE_INFINITY);
    }
    this.because = planned.kind === "start" || this.pausedUntil !== undefined ? may.because : undefined;
    if (planned.kind === "wait") return Math.min(planned.until, may.until ?? Number.POSITIVE_INFINITY);
    if (may.because !== undefined || !this.#watch.isReady) return may.until ?? nowMs + DAY_MS;
    void this.#begin({ type: planned.type, isFull: false }, reasonText(planned.reason));
    return nowMs;
  }

  /** Until when it holds. */
  #setPace(config: Config): number {
    const { bandwidth, uploadLimit, downloadLimit } = config;
    const limits = { bandwidth: bandwidth.value, uploadLimit: uploadLimit.value, downloadLimit: downloadLimit.value };
    const { uploadBytesPerSecond, untilMs } = rateAt(limits, this.parts.clock.now(), this.parts.timeZone);
    if (uploadBytesPerSecond !== this.#uploadLimit.rate) this.#uploadLimit.rate = uploadBytesPerSecond;
    return untilMs;
  }

  #plan(config: Config): Plan {
    const { clock, timeZone, seed } = this.parts;
    const { pendingSince, newestAt } = this.dirty;
    return plan({
      schedules: this.#isAnythingChosen(config) ? config.schedules.value : [],
      schedulesSinceMs: this.#schedulesSince(config),
      nowMs: clock.now(),
      timeZone,
      seed,
      past: { cloud: this.runner.past("cloud"), local: this.runner.past("local") },
      sinceEndMs: { cloud: this.runner.sinceEndMs("cloud"), local: this.runner.sinceEndMs("local") },
      ...(pendingSince === undefined || newestAt === undefined
        ? {}
        : { pending: { sinceMs: pendingSince, lastMs: newestAt } }),
      readings: this.#readings,
      wokeAtMs: this.#wokeAt,
    });
  }

  /** What a person asked for runs whatever the power and the network are; a pause holds up everything. */
  #mayRun(config: Config): Permission {
    const until = this.pausedUntil;
    if (until !== undefined)
      return { because: { code: "paused", text: "paused" }, until: until === FOREVER ? undefined : until };
    if (this.#isWanted && this.runner.running) return { because: undefined, until: undefined };
    const { clock, timeZone } = this.parts;
    const isRunning = this.runner.running !== undefined;
    const facts = { readings: this.#readings, nowMs: clock.now(), timeZone, load: this.#load, isRunning };
    const { decision, load } = mayRun(config.conditions.value, facts);
    this.#load = load;
    if (decision.may) return { because: undefined, until: decision.until };
    const because = { code: decision.because[0]?.kind ?? "conditions", text: waitsText(decision.because) };
    return { because, until: decision.until };
  }

  #setGate({ because }: Permission): void {
    const { gate } = this.runner;
    if (because === undefined) gate.open();
    else gate.close(because.text);
    if (this.because?.text !== because?.text)
      this.parts.log.write("info", because ? "backup.yield" : "backup.go-on", because ? { because: because.text } : {});
    this.because = because;
  }

  /** Not awaited by the loop: it goes on looking while the backup runs. `undefined`: none can begin now. */
  #begin(asked: Wish, reason: string): Promise<RunView> | undefined {
    const { config } = this;
    if (!config || this.#isEnding || this.runner.running) return undefined;
    this.#isWanted = reason === ASKED;
    this.because = undefined;
    this.runner.gate.open();
    const full = asked.isFull ? "asked" : this.#isWalkDue() ? "day" : undefined;
    const done = this.runner.start({ type: asked.type, reason, config, full });
    void done.then((run) => this.#ended(run));
    this.contact.soon();
    return done;
  }

  #ended(run: RunView): void {
    this.#isWanted = false;
    if (run.to === "cloud" && run.result !== "cancelled") this.#copyToo();
    this.contact.soon({ quota: true });
    this.#changed();
  }

  /** Local and cloud: what goes to the service goes to the disk beside it, unless that has times of its own. */
  #copyToo(): void {
    const { config } = this;
    const hasTimes = config?.schedules.value.some(({ type }) => type === "Local") ?? false;
    if (!config || config.local.value === undefined || hasTimes || !this.local?.isPresent) return;
    void this.#begin({ type: "Local", isFull: true }, "after the backup to the service");
  }

  /** Changes that nobody saw wait no longer than a day. */
  #isWalkDue(): boolean {
    const at = this.memory.find("walkedAt");
    const nowMs = this.parts.clock.now();
    return typeof at !== "number" || nowMs - at > DAY_MS || at > nowMs;
  }

  #noticeSleep(): void {
    const nowMs = this.parts.clock.now();
    const awayMs = nowMs - this.#lookedAt;
    this.#lookedAt = nowMs;
    if (awayMs >= 0 && awayMs < SLEPT_MS) return;
    this.parts.log.write("info", "agent.woke", { awayMs });
    this.#wokeAt = nowMs;
    this.dirty.markGap("sleep");
    this.contact.soon();
  }

  async #readConfig(): Promise<void> {
    const mark = this.parts.configMark();
    if (mark === this.#configMark) return;
    this.#configMark = mark;
    try {
      this.config = await this.parts.loadConfig();
      this.configError = undefined;
      this.parts.log.write("info", "config.read", {
        sets: this.config.backupSets.value.length,
        schedules: this.config.schedules.value.map(({ type }) => type),
      });
      this.#watch.follow(this.config);
    } catch (error) {
      // The last good one goes on.
      this.configError = asHoldfastError(error);
      this.parts.log.write("error", "config.bad", { code: this.configError.code, message: this.configError.message });
    }
  }

  /** Since when these schedules hold: kept over restarts, so that what was missed meanwhile is caught up. */
  #schedulesSince(config: Config): number {
    const text = JSON.stringify(config.schedules.value);
    const known = this.memory.find("schedules") as { readonly text: string; readonly since: number } | undefined; // Written just below.
    if (known?.text === text) return known.since;
    const since = this.parts.clock.now();
    this.memory.put("schedules", { text, since });
    return since;
  }

  #isAnythingChosen(config: Config): boolean {
    return config.backupSets.value.some(({ exclusionary }) => !exclusionary);
  }

  #changed(): void {
    this.#tell();
    this.contact.soon();
    this.#alarm.ring();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const stackOf = (cause: unknown): string | undefined => (cause instanceof Error ? cause.stack : undefined);

/** Asking the machine costs something: only what decides is asked for. */
function wantedOf({ schedules, conditions }: Config): Wanted {
  const { onBattery, batteryPercentMin, metered, networksOnly, networksNever } = conditions.value;
  return {
    idle: schedules.value.some(({ type }) => type === "Automatic"),
    battery: onBattery === "wait" || batteryPercentMin > 0,
    network: metered === "wait" || networksOnly.length > 0 || networksNever.length > 0,
  };
}
