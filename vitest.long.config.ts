/** `npm run test:long`: what takes minutes: fault campaigns, programs started and killed many times, large lists, days at work. */
import { defineConfig } from "vitest/config";
import plain from "./vitest.config.ts";

export default defineConfig({
  test: {
    ...plain.test,
    include: ["{agent,base,cli,server-mock,test}/**/*.long.ts"],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
