/**
 * Large buffers lie outside the JavaScript heap, and the collector is slow to notice them: a thread that makes a gigabyte of them a second
 * would grow by hundreds of megabytes. Where much was made, one says so here.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc: (options: { type: "minor" | "major" }) => void = runInNewContext("gc");

/** A few milliseconds; frees what was made lately. */
export const collectYoung = (): void => gc({ type: "minor" });
