import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{agent,base,bench,cli,protocol,scripts,server-mock,test}/**/*.test.ts"],
    pool: "forks",
    execArgv: ["--disable-warning=ExperimentalWarning"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
