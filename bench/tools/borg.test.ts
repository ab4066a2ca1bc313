import { expect, test } from "vitest";
import { trafficIn } from "./borg.ts";

test("what borg says it sent and received is both directions' bytes", () => {
  const said = "Remote: Initialized\nRemoteRepository: 49.44 kB bytes sent, 1.76 MB bytes received, 30 messages sent\n";
  expect(trafficIn(said)).toBe(49_440 + 1_760_000);
  expect(trafficIn("RemoteRepository: 233 B bytes sent, 2.50 GB bytes received, 5 messages")).toBe(2_500_000_233);
  expect(trafficIn("Warning: something else")).toBeUndefined();
});
