import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{agent,base,bench,cli,protocol,scripts,server-mock,test}/**/*.test.ts"],
    globalSetup: ["test/support/run-folder.ts", "test/support/without-s3.ts"],
    setupFiles: ["test/support/worker-folder.ts"],
    pool: "forks",
    maxWorkers: 2, // Both of two cores: one less, the default, takes twice as long.
    execArgv: ["--disable-warning=ExperimentalWarning"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } }, // What comes, comes; a busy machine takes longer than the second that is the default.
  },
});
