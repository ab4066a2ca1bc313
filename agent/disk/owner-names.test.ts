import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../../test/support/temp-folder.ts";
import { ownerNames } from "./owner-names.ts";

test("names and numbers are translated both ways, unknown ones not at all", () => {
  const etc = tempFolder();
  writeFileSync(
    join(etc, "passwd"),
    "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\ntoor:x:0:0::/:/bin/sh\n",
  );
  writeFileSync(join(etc, "group"), "root:x:0:\nstaff:x:50:ann\n\nbroken\n");
  const owners = ownerNames({ etc, useDirectory: false });
  expect([owners.userName(0), owners.userName(1000), owners.userName(7)]).toEqual(["root", "ann", ""]);
  expect([owners.groupName(50), owners.groupName(0)]).toEqual(["staff", "root"]);
  expect([owners.findUid("ann"), owners.findUid("toor"), owners.findUid("bob"), owners.findUid("")]).toEqual([
    1000,
    0,
    undefined,
    undefined,
  ]);
  expect([owners.findGid("staff"), owners.findGid("50")]).toEqual([50, undefined]);
});

test("a system without the files knows no names", () => {
  const owners = ownerNames({ etc: "/nonexistent", useDirectory: false });
  expect([owners.userName(0), owners.findGid("root")]).toEqual(["", undefined]);
});

test.runIf(process.platform === "linux")("the directory service is asked about what the files don't know", () => {
  expect(ownerNames({ etc: "/nonexistent" }).userName(0)).toBe("root");
});
