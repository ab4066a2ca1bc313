import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTree } from "./make-tree.ts";
import { treeDifferences } from "./same-tree.ts";
import { tempFolder } from "./temp-folder.ts";

test.runIf(process.platform === "linux")("each kind of difference between two trees is told", () => {
  const folder = tempFolder();
  const [a, b] = [join(folder, "a"), join(folder, "b")];
  // Far fewer than PATH_MAX deep, since `cp` can't either.
  makeTree(a);
  spawnSync("rm", ["-rf", join(a, "deep")]);
  spawnSync("cp", ["-a", "--sparse=always", a, b]);
  expect(treeDifferences(a, b)).toEqual([]);
  const changes: readonly [string, RegExp][] = [
    ["chmod 600 sizes/1", /"sizes\/1" type and mode/],
    ["touch -d @1.000000001 sizes/4095", /"sizes\/4095" modification time/],
    ["printf X | dd of=sizes/5000000 bs=1 seek=4999999 conv=notrunc", /"sizes\/5000000" differs from byte/],
    ["printf X | dd of=sparse/huge bs=1 seek=1000000000000 conv=notrunc", /"sparse\/huge" differs from byte/],
    ["echo more >> sizes/262144", /"sizes\/262144" size/],
    ["dd if=/dev/zero of=sparse/all-hole bs=1M count=5 conv=notrunc", /"sparse\/all-hole" takes/],
    ["rm sizes/4096", /"sizes\/4096" is missing/],
    ["echo > sizes/new", /"sizes\/new" is too many/],
    ["ln -sfn elsewhere links/dangling", /"links\/dangling" target/],
    ["cp -a links/file t && mv t links/file", /"links\/file" number of links/],
    ["setfattr -n user.comment -v other attributes/user", /"attributes\/user" attributes/],
    ["setfacl -m u:9:r attributes/acl", /"attributes\/acl" attributes/],
    ["rm special/fifo-too && cp -a special/fifo special/fifo-too", /"special\/fifo-too" number of links/],
  ];
  for (const [command] of changes)
    expect([command, spawnSync("sh", ["-c", command], { cwd: b }).status]).toEqual([command, 0]);
  const differences = treeDifferences(a, b);
  for (const [, pattern] of changes) expect(differences.some((line) => pattern.test(line)) || pattern).toBe(true);
  mkdirSync(join(b, "empty-folder/x"));
  expect(treeDifferences(a, b).some((line) => line.includes("empty-folder/x"))).toBe(true);
});
