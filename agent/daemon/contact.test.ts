import { expect, test } from "vitest";
import { HoldfastError } from "../../protocol/errors.ts";
import type { HeartbeatRequest } from "../../protocol/messages/heartbeat.ts";
import { steeredClock } from "../../test/support/steered-clock.ts";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { effectiveConfig } from "../config/effective.ts";
import { DEFAULT_SETTINGS } from "../settings.ts";
import { AgentLog } from "./agent-log.ts";
import { Contact } from "./contact.ts";

const BEAT_MS = 6 * 60_000;
const QUOTA = { usedBytes: 1, limitBytes: null, availableBytes: null };

test("a policy that this version can't read is told, and holds up neither orders nor anything else", async () => {
  const clock = steeredClock();
  const dataFolder = tempFolder();
  using log = new AgentLog({ dataFolder, clock });
  const settings = {
    ...DEFAULT_SETTINGS,
    service: { url: "http://service.test" },
    machine: "00".repeat(16),
    name: "den",
  };
  const ran: number[] = [];
  let isReadable = false;
  const contact = new Contact({
    parts: {
      clock,
      log,
      seed: 0.5,
      followPolicy: async () => {
        if (isReadable) return false;
        throw new HoldfastError("service/protocol", { request: "GET /v1/policy", reason: "a field is unknown" });
      },
      service: {
        url: "http://service.test",
        heartbeat: async () => ({
          policyTag: "new",
          orders: 1,
          now: new Date(clock.now()).toISOString(),
          nextHeartbeatSeconds: 300,
        }),
        quota: async () => QUOTA,
        runOrders: async () => ran.push(clock.now()),
      },
    },
    facts: (): HeartbeatRequest => ({
      agentVersion: "1",
      state: "idle",
      nextRunAt: null,
      pausedUntil: null,
      watchedFolders: null,
      problems: [],
    }),
    config: () => effectiveConfig(settings),
    onPolicy: () => undefined,
    onBack: () => expect.unreachable("it was never away"),
  });
  const end = new AbortController();
  const running = contact.run(end.signal);
  const beats = () => new Promise((resolve) => setImmediate(resolve));
  for (let times = 0; times < 3; times++) {
    await beats();
    clock.advance(BEAT_MS);
  }
  await beats();
  expect([ran.length > 1, contact.quota, contact.unreached]).toMatchObject([true, QUOTA, undefined]);
  expect(contact.policyError?.message).toContain("a field is unknown");
  expect(log.tail(9).filter((line) => line.includes("policy.unread"))).toHaveLength(1);
  isReadable = true;
  clock.advance(BEAT_MS);
  await beats();
  expect(contact.policyError).toBeUndefined();
  end.abort();
  await running;
});
