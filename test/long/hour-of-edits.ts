/** `node test/long/hour-of-edits.ts --minutes 60 --files 100000`: exits with 1 when a snapshot was not what the disk was. */
import { parseArgs } from "node:util";
import { watchedHour } from "./watched-hour.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    files: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    checks: { type: "string", default: "5" },
    storm: { type: "string", default: "30000" },
    quiet: { type: "string", default: "10" },
    idle: { type: "string", default: "0" },
    "text-names": { type: "boolean", default: false },
    words: { type: "string", multiple: true, default: [] },
  },
});
const began = performance.now();
const { differences, ...figures } = await watchedHour({
  minutes: Number(values.minutes),
  files: Number(values.files),
  seed: Number(values.seed),
  checks: Number(values.checks),
  stormEdits: Number(values.storm),
  quietSeconds: Number(values.quiet),
  idleMinutes: Number(values.idle),
  textNames: values["text-names"],
  words: values.words,
  tell: (line) => console.log(`${((performance.now() - began) / 60_000).toFixed(1)} min: ${line}`),
});
console.log(JSON.stringify(figures, undefined, 1));
for (const difference of differences) console.error(difference);
process.exitCode = differences.length === 0 ? 0 : 1;
