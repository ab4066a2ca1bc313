/** `npm run test:console`: the console in a real browser, on the real service. */
import { defineConfig } from "vitest/config";
import plain from "./vitest.config.ts";

export default defineConfig({
  test: {
    ...plain.test,
    testTimeout: 300_000, // A page, a browser and a service on two processors: twenty seconds are normal.
    include: ["test/console/**/*.browser.ts"],
    globalSetup: ["test/support/run-folder.ts", "test/support/without-s3.ts", "test/support/console/console-run.ts"],
  },
});
