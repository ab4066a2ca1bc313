/** An upload over a bare connection, which sends what it is told to and no more. */
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import type { TestMachine, TestPack } from "./test-machine.ts";

export interface SlowUpload {
  /** All that was answered so far. */
  answer(): string;
  sendRest(): void;
  breakOff(): void;
  readonly ended: Promise<unknown>;
}

/** Sends the head and the first `bytes` of the pack to the service at `address`. */
export function beginUpload(address: string, machine: TestMachine, pack: TestPack, bytes: number): SlowUpload {
  const { port, hostname } = new URL(address);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    answer += text;
  });
  const head = [
    `PUT /v1/sessions/${machine.session.session}/packs/${pack.id} HTTP/1.1`,
    "host: x",
    `authorization: Bearer ${machine.token}`,
    "content-type: application/octet-stream",
    `content-length: ${pack.bytes.length}`,
    "\r\n",
  ].join("\r\n");
  socket.write(head);
  socket.write(pack.bytes.subarray(0, bytes));
  return {
    answer: () => answer,
    sendRest: () => void socket.write(pack.bytes.subarray(bytes)),
    breakOff: () => void socket.destroy(),
    ended: new Promise((resolve) => socket.once("close", resolve)),
  };
}
