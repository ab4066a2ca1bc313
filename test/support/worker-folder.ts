/** Before each file of tests: what asks for a temporary folder gets one that no other worker touches (run-folder.ts). */
import { join } from "node:path";

const { HOLDFAST_TEST_RUN: run, VITEST_POOL_ID: worker } = process.env;
if (run !== undefined && worker !== undefined) process.env.TMPDIR = join(run, worker);
