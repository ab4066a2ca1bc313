/**
 * The agent at work: looks, decides, runs, and waits. One loop decides everything, at least every half minute, from what is known at that moment: the
 * configuration, past runs, known changes, the machine's readings, the clock. Whatever happens in between only rings its alarm, so that a lost event, a
 * sleep or a clock that jumps delays it by one stretch and nothing more. Never two backups at once, and no change is forgotten before a snapshot has it.
 */
import { join } from "node:path";
import { asHoldfastError, HoldfastError } from "../../protocol/errors.ts";
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
import { ConfigKeeper, isAnythingChosen } from "./config-keeper.ts";
import { Contact } from "./contact.ts";
import { answerControl } from "./control-answers.ts";
import { lockDaemon } from "./daemon-lock.ts";
import { heartbeatOf } from "./heartbeat-facts.ts";
import { DaemonMemory } from "./memory.ts";
import type { DaemonParts, LocalFacts } from "./parts.ts";
import { Pause } from "./pause.ts";
import { type Because, type Permission, Permissions } from "./permission.ts";
import type { NextRun, Plan } from "./plan-facts.ts";
import { plan } from "./planner.ts";
import { Runner, type Wish } from "./runner.ts";
import { statusOf } from "./status.ts";
import { Turns } from "./turns.ts";
import { WatchKeeper } from "./watch-keeper.ts";
import { reasonText } from "./words.ts";

const DAY_MS = 86_400_000;
/** Longer than the loop ever waits: the machine slept, or its clock was set. */
const SLEPT_MS = 2 * 60_000;
const ASKED = "asked for";

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
  readonly #configs: ConfigKeeper;
  readonly #pause: Pause;
  readonly #permissions: Permissions;
  readonly #turns: Turns;
  next: NextRun | undefined;
  local: LocalFacts | undefined;
  /** Why no backup runs now although one would, or why the running one stands still. */
  because: Because | undefined;
  #readings: Readings = NO_READINGS;
  #lookedAt: number;
  #wokeAt: number | undefined;
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
    this.#pause = new Pause({ memory: this.memory, clock, log: parts.log });
    this.#permissions = new Permissions(this.#pause);
    const onConfig = (config: Config) => this.#watch.follow(config);
    this.#configs = new ConfigKeeper({ parts, memory: this.memory, onConfig });
    const check = () => this.mayBackUp();
    this.#turns = new Turns({ runner: this.runner, check, begin: (wish) => this.#beginAsked(wish) });
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
    return this.#isWaiting && !this.runner.running && this.#turns.areOver;
  }

  /** When this machine's agent was here first. */
  get beganAt(): number {
    const known = this.memory.find("beganAt");
    if (typeof known === "number") return known;
    this.memory.put("beganAt", this.startedAt);
    return this.startedAt;
  }

  get pausedUntil(): number | undefined {
    return this.#pause.until;
  }

  get config(): Config | undefined {
    return this.#configs.current;
  }

  get configError(): HoldfastError | undefined {
    return this.#configs.error;
  }

  get uploadBytesPerSecond(): number | undefined {
    return Number.isFinite(this.#uploadLimit.rate) ? this.#uploadLimit.rate : undefined;
  }

  /** Folders that should be backed up and are not there. */
  get missing(): readonly string[] {
    return this.#watch.missing;
  }

  get watching(): StatusView["watching"] {
    return { ...this.#watch.view, changes: this.dirty.count };
  }

  /** Throws `agent/paused`, and what keeps the configuration from being read. */
  async mayBackUp(): Promise<void> {
    if (this.#isEnding) throw new HoldfastError("agent/not-running", { reason: "it is ending" });
    this.#pause.refuse();
    await this.#configs.read();
    if (this.configError) throw this.configError;
  }

  /** A backup that begins now, or when the one that runs has ended; its end. Throws what `mayBackUp` does. */
  backUpNow(wish: Wish): Promise<RunView> {
    return this.#turns.take(wish);
  }

  #beginAsked(wish: Wish): Promise<RunView> {
    const begun = this.#begin(wish, ASKED);
    if (!begun) throw new HoldfastError("agent/not-running", { reason: "it is ending" });
    this.#alarm.ring();
    return begun;
  }

  /** Its end, in milliseconds since 1970. */
  pause(forMs: number | undefined): number {
    const until = this.#pause.begin(forMs);
    this.#changed();
    return until;
  }

  resume(): void {
    this.#pause.end();
    this.#changed();
  }

  /** Throws `agent/nothing-running`. */
  cancel(): void {
    if (!this.runner.cancel()) throw new HoldfastError("agent/nothing-running");
  }

  /** The files of the configuration may be others now. */
  reload(): void {
    this.#configs.forget();
    this.#alarm.ring();
  }

  status(): StatusView {
    return statusOf(this);
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
    await this.#configs.read();
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
    this.#uploadLimit.rate = uploadBytesPerSecond;
    return untilMs;
  }

  #plan(config: Config): Plan {
    const { clock, timeZone, seed } = this.parts;
    const { pendingSince, newestAt } = this.dirty;
    return plan({
      schedules: isAnythingChosen(config) ? config.schedules.value : [],
      schedulesSinceMs: this.#configs.schedulesSince(config),
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

  #mayRun(config: Config): Permission {
    const { clock, timeZone } = this.parts;
    return this.#permissions.decide({
      conditions: config.conditions.value,
      readings: this.#readings,
      nowMs: clock.now(),
      timeZone,
      isRunning: this.runner.running !== undefined,
      isWanted: this.#isWanted,
    });
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

  #changed(): void {
    this.contact.soon();
    this.#alarm.ring();
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
