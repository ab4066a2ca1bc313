import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempFolder } from "../test/support/temp-folder.ts";
import { readEngines } from "./engines.ts";

const from = (variables: Readonly<Record<string, string>>) => readEngines((name) => variables[name]);
const KEYS = { HOLDFAST_S3_ACCESS_KEY: "who", HOLDFAST_S3_SECRET_KEY: "secret" };

test("without a setting everything lies in the data folder", () => {
  expect(from({})).toEqual({ databaseUrl: undefined, bucket: undefined, keys: undefined });
  expect(from({ HOLDFAST_DATABASE_URL: "", HOLDFAST_BLOBS: "" })).toEqual(from({}));
});

test("a bucket, a prefix and a server of one's own", () => {
  const { bucket } = from({
    ...KEYS,
    HOLDFAST_BLOBS: "s3://backups/here/",
    HOLDFAST_S3_ENDPOINT: "http://127.0.0.1:9000",
  });
  expect(bucket).toMatchObject({ bucket: "backups", prefix: "here", pathStyle: true, region: "us-east-1" });
});

test("AWS's own variables are read where ours are absent", () => {
  const aws = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_REGION: "eu-central-1" };
  const { bucket } = from({ ...aws, HOLDFAST_BLOBS: "s3://backups" });
  const expected = { accessKey: "a", secretKey: "b", region: "eu-central-1", endpoint: undefined, pathStyle: false };
  expect(bucket).toMatchObject({ ...expected, prefix: "" });
});

test("a secret may stand in a file", () => {
  const path = join(tempFolder(), "url");
  writeFileSync(path, "postgres://u:p@db/holdfast\n");
  expect(from({ HOLDFAST_DATABASE_URL_FILE: path }).databaseUrl).toBe("postgres://u:p@db/holdfast");
});

test.each([
  ["another database", { HOLDFAST_DATABASE_URL: "mysql://u:secret@db/x" }],
  ["no address", { HOLDFAST_DATABASE_URL: "secret" }],
  ["no bucket", { ...KEYS, HOLDFAST_BLOBS: "s3://" }],
  ["a folder", { ...KEYS, HOLDFAST_BLOBS: "/var/lib" }],
  ["no keys", { HOLDFAST_BLOBS: "s3://backups" }],
  ["an endpoint without a scheme", { ...KEYS, HOLDFAST_BLOBS: "s3://backups", HOLDFAST_S3_ENDPOINT: "localhost:9" }],
  ["a file that is not there", { HOLDFAST_S3_SECRET_KEY_FILE: "/nowhere/x", HOLDFAST_BLOBS: "s3://backups" }],
])("%s is refused, and no secret is told", (_, variables) => {
  const attempt = () => from(variables);
  expect(attempt).toThrow(expect.objectContaining({ code: "config/invalid" }));
  expect(attempt).not.toThrow(/secret@|\bsecret\b(?!_)/);
});
