/**
 * Ranges of packs, read from the socket straight into memory that is there already. An HTTP library hands every 64 KiB over in a buffer of its own:
 * that took 1.6 s of processor time a GB, this takes 0.35 (2026-11, decision 0011). It knows one answer only, the whole range as it was asked
 * for; on anything else it gives up, and the caller reads in the ordinary way, which knows what errors mean.
 */
import type { Socket } from "node:net";
import { connectTo } from "./connect-to.ts";
import type { RangeAddress } from "./remote.ts";

const HEAD_BYTES_MAX = 16 * 1024;
const HEAD_END = "\r\n\r\n";

interface Reading {
  readonly into: Buffer;
  /** `undefined` while the head of the answer is still to come. */
  at: number | undefined;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One connection, kept alive, one range at a time. */
export class RangeReader implements Disposable {
  readonly #address: RangeAddress;
  readonly #url: URL;
  readonly #head = Buffer.allocUnsafeSlow(HEAD_BYTES_MAX);
  #headLength = 0;
  #socket: Socket | undefined;
  #reading: Reading | undefined;
  /** The other side closes the connection after this answer. */
  #isLast = false;
  readonly #stop = new AbortController();

  constructor(address: RangeAddress) {
    this.#address = address;
    this.#url = new URL(address.url);
  }

  /** Fills `into`. Throws on anything else than exactly that; the next call connects anew then. */
  async read(pack: string, offset: number, into: Buffer): Promise<void> {
    this.#socket ??= await this.#connect();
    const socket = this.#socket;
    await new Promise<void>((resolve, reject) => {
      this.#reading = { into, at: undefined, resolve, reject };
      socket.write(this.#request(pack, offset, into.length));
    });
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#fail(new Error("reading was given up"));
  }

  #request(pack: string, offset: number, length: number): string {
    const path = this.#url.pathname.replace(/\/$/, "") + this.#address.path.replace("{pack}", pack);
    return [
      `GET ${path} HTTP/1.1`,
      `host: ${this.#url.host}`,
      "user-agent: holdfast",
      `authorization: Bearer ${this.#address.token}`,
      `range: bytes=${offset}-${offset + length - 1}`,
      HEAD_END,
    ].join("\r\n");
  }

  async #connect(): Promise<Socket> {
    const { fingerprint } = this.#address;
    const onread = { buffer: this.#room, callback: this.#received };
    const socket = await connectTo(this.#url, { fingerprint, onread, signal: this.#stop.signal });
    socket.on("error", (error) => this.#fail(error, socket));
    socket.on("close", () => this.#fail(new Error("the connection ended"), socket));
    return socket;
  }

  /** Where the next bytes go. */
  readonly #room = (): Buffer => {
    const reading = this.#reading;
    return reading?.at === undefined ? this.#head.subarray(this.#headLength) : reading.into.subarray(reading.at);
  };

  readonly #received = (count: number): boolean => {
    const reading = this.#reading;
    if (!reading) this.#fail(new Error("bytes that nobody asked for"));
    else if (reading.at === undefined) this.#takeHead(reading, count);
    else this.#advance(reading, reading.at + count);
    return true;
  };

  #takeHead(reading: Reading, count: number): void {
    this.#headLength += count;
    const end = this.#head.subarray(0, this.#headLength).indexOf(HEAD_END);
    if (end < 0) {
      if (this.#headLength === this.#head.length) this.#fail(new Error("the head of the answer does not end"));
      return;
    }
    const rest = this.#head.subarray(end + HEAD_END.length, this.#headLength);
    this.#headLength = 0;
    const { length } = reading.into;
    const head = this.#head.toString("latin1", 0, end);
    if (isWholeRange(head, length) && rest.length <= length) {
      this.#isLast = /\r\nconnection:\s*close\s*(\r\n|$)/i.test(head);
      rest.copy(reading.into);
      this.#advance(reading, rest.length);
    } else this.#fail(new Error("another answer than the range"));
  }

  #advance(reading: Reading, at: number): void {
    reading.at = at;
    if (at < reading.into.length) return;
    this.#reading = undefined;
    if (this.#isLast) this.#leave();
    reading.resolve();
  }

  #leave(): void {
    const socket = this.#socket;
    this.#socket = undefined; // So its end is nobody's failure.
    this.#isLast = false;
    socket?.destroy();
  }

  #fail(error: Error, socket = this.#socket): void {
    socket?.destroy();
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#headLength = 0;
    const reading = this.#reading;
    this.#reading = undefined;
    reading?.reject(error);
  }
}

/** `head`: status line and headers. */
function isWholeRange(head: string, length: number): boolean {
  const [status = "", ...lines] = head.split("\r\n");
  const headers = new Map(lines.map((line) => [line.split(":", 1)[0]?.toLowerCase() ?? "", line]));
  const announced = /:\s*(\d{1,15})\s*$/.exec(headers.get("content-length") ?? "")?.[1];
  return (
    /^HTTP\/1\.1 206\b/.test(status) &&
    Number(announced) === length &&
    !headers.has("transfer-encoding") &&
    !headers.has("content-encoding")
  );
}
