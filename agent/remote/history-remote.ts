/** Where a backup goes, as far as a backup needs to know: the service, or a folder on another disk (agent/local). */
import type { AgentRemote } from "./remote.ts";

export type HistoryRemote = Pick<
  AgentRemote,
  "openSession" | "chunkIds" | "putPack" | "progress" | "commit" | "end" | "snapshots"
>;
