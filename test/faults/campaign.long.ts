import { expect, test } from "vitest";
import { runCampaign } from "./run-campaign.ts";

/** Kept short: the whole campaign is `npm run faults -- --kills 50`. */
const BUDGET_MS = 20_000;

test("agent and service, killed at any moment, lose nothing that was acknowledged and send nothing twice", async () => {
  const lines: string[] = [];
  const result = await runCampaign({
    kills: 3,
    victims: ["agent", "service"],
    seed: 1,
    budgetMs: BUDGET_MS,
    restoreAllEvery: 6,
    tell: (line) => lines.push(line),
  });
  expect(result.violations, lines.join("\n")).toEqual([]);
  expect(result.kills.agent).toBeGreaterThan(0);
  expect(result.kills.service).toBeGreaterThan(0);
}, 300_000);
