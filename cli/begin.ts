/** Where the installed `holdfast` begins. */
import { prepareStart } from "../base/prepare-start.ts";
import { VERSION } from "../protocol/version.ts";

prepareStart(VERSION);
await import("./main.ts");
