/** The watching thread's program: a loop of its own, so that events are taken in time however busy the daemon is. */
import { parentPort, workerData } from "node:worker_threads";
import { bug } from "../../protocol/errors.ts";
import type { ThreadSettings, ToThread } from "./messages.ts";
import { WatchThread } from "./watch-thread.ts";

const port = parentPort ?? bug("the watching thread was started as a program");
const thread = new WatchThread(workerData as ThreadSettings, (message) => port.postMessage(message)); // From watch.ts, which sends nothing else.
port.on("message", (message: ToThread) => {
  thread.receive(message);
  if (message.kind === "stop") port.close();
});
await thread.start();
