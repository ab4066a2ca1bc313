/** Before each file of tests: what asks for a temporary folder gets one that no other worker touches (run-folder.ts). */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const { HOLDFAST_TEST_RUN: run, VITEST_POOL_ID: worker } = process.env;
if (run !== undefined && worker !== undefined) process.env.TMPDIR = join(run, worker);
// Programs that tests start needn't be compiled each time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../../node_modules/.cache/holdfast-tests", import.meta.url));
