/**
 * The memory that all uploads share. Each may gather `writeBytes` while as much is being written; the more there are, the less that is, down to a
 * floor. What doesn't fit waits in the network, so a slow disk slows the senders down; beyond a number of uploads more are asked to come back.
 */
import { HoldfastError } from "../../protocol/errors.ts";

const ROOM_BYTES = 32 * 1024 * 1024;
const WRITE_BYTES_MAX = 1024 * 1024;
const WRITE_BYTES_MIN = 64 * 1024;
const UPLOADS_MAX = 512;

export class UploadRoom {
  readonly #uploadsMax: number;
  #uploads = 0;

  constructor({ uploadsMax = UPLOADS_MAX }: { uploadsMax?: number | undefined } = {}) {
    this.#uploadsMax = uploadsMax;
  }

  /** Throws `request/too-many`, before anything was read. */
  async hold<T>(upload: () => Promise<T>): Promise<T> {
    if (this.#uploads >= this.#uploadsMax) throw new HoldfastError("request/too-many");
    this.#uploads++;
    try {
      return await upload();
    } finally {
      this.#uploads--;
    }
  }

  get writeBytes(): number {
    const share = Math.floor(ROOM_BYTES / 2 / Math.max(1, this.#uploads));
    return Math.max(WRITE_BYTES_MIN, Math.min(WRITE_BYTES_MAX, share));
  }
}
