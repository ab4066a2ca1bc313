/** What the build makes of imports. */
import { expect, test } from "vitest";
import { askLazily } from "./build.ts";

test.each([
  ['import fs from "node:fs";', 'const fs = globalThis.process.getBuiltinModule("node:fs"); '],
  ['import * as fs from "node:fs";', 'const fs = globalThis.process.getBuiltinModule("node:fs"); '],
  [
    "import { type Stats, stat, open as openFile } from 'fs/promises';",
    ' const { stat, open: openFile } = globalThis.process.getBuiltinModule("fs/promises");',
  ],
  // A value that is called type: libraries have it.
  ["import { type as osType } from 'os';", ' const { type: osType } = globalThis.process.getBuiltinModule("os");'],
  ['import { type Stats } from "node:fs";', " "],
  ['import { chunk } from "lodash";', 'import { chunk } from "lodash";'],
])("%s", (statement, made) => {
  expect(askLazily(statement)).toBe(made);
});
