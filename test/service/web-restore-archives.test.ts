import { linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type BackedUpMachine,
  backedUpMachine,
  openWebRestore,
  type WebRestore,
} from "../support/backed-up-machine.ts";
import { noise } from "../support/entries-to-store.ts";
import { startTestService } from "../support/test-service.ts";
import { unpack } from "../support/unpack.ts";

const FORMATS = ["zip", "tar", "tar.gz"] as const;

function fill(machine: BackedUpMachine): void {
  machine.write("letter.txt", "dear reader\n");
  machine.write("empty", "");
  machine.write("photos/käse 😀.bin", noise(300_000, 1));
  machine.write("large.bin", noise(13_000_000, 2));
  machine.write(
    "deep/er/and/deeper/name-that-is-long-enough-for-more-than-one-hundred-bytes-".concat("x".repeat(60)),
    "deep",
  );
  mkdirSync(machine.path("nothing in here"));
  symlinkSync("letter.txt", machine.path("link"));
  linkSync(machine.path("letter.txt"), machine.path("twin.txt"));
  utimesSync(machine.path("letter.txt"), 1_600_000_000, 1_600_000_000);
}

async function ready(web: WebRestore, archive: string) {
  await expect.poll(() => web.status(archive).then(({ status }) => status)).toBe("ready");
  return await web.status(archive);
}

test.each(FORMATS)(
  "a %s archive holds what was backed up, byte by byte, for programs that others wrote",
  async (format) => {
    const service = await startTestService();
    const machine = await backedUpMachine(service);
    fill(machine);
    const snapshot = await machine.backUp();
    const web = await openWebRestore(service, machine.id);
    const made = await web.archive({ parts: [{ snapshot, paths: [machine.path()] }], format });
    expect(await ready(web, made.id)).toMatchObject({ filesRequested: 6, bytesRequested: 13_300_028, downloads: 0 });
    const response = await web.download(made.path);
    expect(response.headers.get("content-disposition")).toContain(`filename="${(await web.status(made.id)).fileName}"`);
    const folder = join(unpack(format, Buffer.from(await response.arrayBuffer())), machine.source);
    for (const name of ["letter.txt", "empty", "photos/käse 😀.bin", "large.bin", "twin.txt"])
      expect(readFileSync(join(folder, name)).equals(readFileSync(machine.path(name))), name).toBe(true);
    expect(readlinkSync(join(folder, "link"))).toBe("letter.txt");
    expect(lstatSync(join(folder, "nothing in here")).isDirectory()).toBe(true);
    if (format !== "zip") {
      expect(lstatSync(join(folder, "letter.txt")).mtimeMs).toBe(1_600_000_000_000);
      expect(lstatSync(join(folder, "letter.txt")).ino).toBe(lstatSync(join(folder, "twin.txt")).ino);
    }
    const done = { status: "completed", filesRetrieved: 6, bytes: 13_300_028, downloads: 1, problemCount: 0 };
    await expect.poll(() => web.status(made.id)).toMatchObject(done);
  },
);
