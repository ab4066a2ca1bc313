/** `holdfast-server migrate-storage`: to a larger database, to a bucket, or back. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { systemClock } from "../../base/clock.ts";
import { formatBytes } from "../../base/format-bytes.ts";
import { systemRandom } from "../../base/random.ts";
import { HoldfastError } from "../../protocol/errors.ts";
import { readConfig } from "../config.ts";
import { bucketOf, type Engines, enginesOf } from "../engines.ts";
import type { Moved, MoveStep } from "../migrate/migrate-storage.ts";
import type { End } from "../migrate/storage-ends.ts";
import { parseBucketUrl } from "../settings/bucket.ts";
import type { Settings } from "../settings/settings.ts";
import { liveLine } from "./live-line.ts";
import { CONFIG_OPTION, DATA_OPTION, type DataOption } from "./with-domain.ts";

interface Options extends DataOption {
  readonly toDatabase?: string;
  readonly toBlobs?: string;
  readonly toData?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  holdfast-server migrate-storage --data ./service --to-database @/etc/holdfast/database-url --to-blobs s3://backups
                              from one folder to PostgreSQL and a bucket
  holdfast-server migrate-storage --to-blobs s3://backups/holdfast
                              the bytes only; the database stays where it is
  holdfast-server migrate-storage --to-data ./service
                              back into a folder

What isn't named stays where it is. @ names a file that holds the address, so that no password is on the command line. The bucket is asked for with
the settings s3Endpoint, s3Region, s3AccessKey and s3SecretKey. Stop the service first; nothing changes at the source. If it is cut, run it again: it
goes on. The target can be used when it has said so.
Exit codes: 0 moved and compared, 8 something differs or was damaged before.`;

export const migrateStorageCommand = (): Command =>
  new Command("migrate-storage")
    .description("move database and storage to PostgreSQL and S3, or back")
    .option(...DATA_OPTION)
    .option(...CONFIG_OPTION)
    .option("--to-database <postgres://…>", "where the rows go")
    .option("--to-blobs <s3://bucket/prefix>", "where the bytes go")
    .option("--to-data <folder>", "a data folder: what is not named otherwise goes into it")
    .option("--json", "for programs")
    .addHelpText("after", EXAMPLES)
    .action(run);

async function run({ json = false, ...options }: Options): Promise<void> {
  const config = readConfig({ data: options.data, config: options.config });
  const from: End = { data: config.data, engines: enginesOf(config) };
  const to = targetOf(options, from, config);
  const line = liveLine(!json);
  const { migrateStorage } = await import("../migrate/migrate-storage.ts");
  const moved = await migrateStorage({
    from,
    to,
    clock: systemClock,
    random: systemRandom,
    onStep: telling(line.show),
  });
  line.clear();
  if (json) console.log(JSON.stringify(moved, null, 2));
  else console.log(told(moved, to));
  if (moved.damaged.length > 0) throw new HoldfastError("storage/unsound", { count: moved.damaged.length });
}

function targetOf(options: Options, from: End, config: Settings): End {
  const { toDatabase, toBlobs, toData } = options;
  const data = toData === undefined ? from.data : resolve(toData);
  // With a folder of its own everything leaves its place; otherwise only what is named.
  const rest: Engines = toData === undefined ? from.engines : {};
  const databaseUrl = toDatabase === undefined ? rest.databaseUrl : databaseAddress(toDatabase);
  const bucket = toBlobs === undefined ? rest.bucket : bucketAddress(toBlobs, config);
  return { data, engines: { databaseUrl, bucket, keys: toData === undefined ? from.engines.keys : undefined } };
}

function databaseAddress(given: string): string {
  const text = given.startsWith("@") ? readAddress(given.slice(1)) : given;
  // Never said again: it holds a password.
  if (!["postgres:", "postgresql:"].includes(URL.parse(text)?.protocol ?? ""))
    throw new HoldfastError("argument/invalid", { argument: "--to-database", reason: "it is not postgres://…" });
  return text;
}

function bucketAddress(given: string, config: Settings) {
  const bucket = parseBucketUrl(given);
  const reason = "it is not s3://bucket or s3://bucket/prefix";
  if (bucket === undefined) throw new HoldfastError("argument/invalid", { argument: `--to-blobs ${given}`, reason });
  return bucketOf(bucket, config);
}

function readAddress(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    const reason = "it can't be read";
    throw new HoldfastError("argument/invalid", { argument: `--to-database @${path}`, reason }, { cause: error });
  }
}

/** Rate and time left of the phase, from its own beginning. */
function telling(show: (text: string) => void): (step: MoveStep) => void {
  let phase: { readonly name: string; readonly at: number; readonly done: number } | undefined;
  return ({ phase: name, done, total }) => {
    const now = performance.now();
    if (phase?.name !== name) phase = { name, at: now, done };
    const perSecond = ((done - phase.done) * 1000) / Math.max(1, now - phase.at);
    const amount = (count: number) => (name === "bytes" ? formatBytes(count) : Math.round(count).toLocaleString("en"));
    const left =
      total === undefined || perSecond === 0 ? undefined : Math.max(0, Math.ceil((total - done) / perSecond));
    const of = total === undefined ? "" : ` of ${amount(total)}`;
    show(`${name}: ${amount(done)}${of}, ${amount(perSecond)}/s${left === undefined ? "" : `, ${left} s left`}`);
  };
}

function told({ rows, blobs, bytes, damaged }: Moved, { data, engines }: End): string {
  const lines = damaged.map((name) => `damaged at the source, not copied: ${name}`);
  lines.push(`${rows} rows, ${blobs} objects (${formatBytes(bytes)}) copied and compared.`, "Start the service with:");
  lines.push(`  HOLDFAST_DATA=${data}`);
  if (engines.databaseUrl !== undefined) lines.push("  HOLDFAST_DATABASE_URL=… (as given)");
  if (engines.bucket !== undefined) {
    const { bucket, prefix, endpoint } = engines.bucket;
    lines.push(`  HOLDFAST_BLOBS=s3://${bucket}${prefix === "" ? "" : `/${prefix}`}`);
    if (endpoint !== undefined) lines.push(`  HOLDFAST_S3_ENDPOINT=${endpoint}`);
  }
  lines.push("Never start it on the old place again: the two would go different ways.");
  return lines.join("\n");
}
