import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../scripts/build-wasm.ts";

test("the splitter's WebAssembly is what its source gives", async () => {
  expect(readFileSync(new URL("../../agent/chunk/split.generated.ts", import.meta.url), "utf8")).toBe(await generate());
});
