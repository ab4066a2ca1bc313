/** `npm run faults -- --kills 50 --seed 1`: kills agent and service that often each; exits with 1 when anything was lost. */
import { parseArgs } from "node:util";
import { runCampaign, type Victim } from "./run-campaign.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    agent: { type: "boolean", default: false },
    service: { type: "boolean", default: false },
    "budget-seconds": { type: "string", default: "86400" },
  },
});
const chosen: Victim[] = [
  ...(values.agent ? (["agent"] as const) : []),
  ...(values.service ? (["service"] as const) : []),
];
const startedAt = performance.now();
const result = await runCampaign({
  kills: Number(values.kills),
  victims: chosen.length > 0 ? chosen : ["agent", "service"],
  seed: Number(values.seed),
  budgetMs: Number(values["budget-seconds"]) * 1000,
  restoreAllEvery: 10,
  tell: (line) => console.log(line),
});
const { violations, ...figures } = result;
console.log(JSON.stringify({ seed: Number(values.seed), seconds: (performance.now() - startedAt) / 1000, ...figures }));
for (const violation of violations) console.error(`violated: ${violation}`);
process.exitCode = violations.length === 0 ? 0 : 1;
