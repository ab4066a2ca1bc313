/** `npm run test:engines`: what needs a real S3 server, and the service on PostgreSQL and S3. */
import { defineConfig } from "vitest/config";
import plain from "./vitest.config.ts";

export default defineConfig({
  test: {
    ...plain.test,
    include: ["{server-mock,test}/**/*.engines.ts"],
    globalSetup: ["test/support/run-folder.ts", "test/support/s3-run.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
