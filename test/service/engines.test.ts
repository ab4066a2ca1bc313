import { expect, test } from "vitest";
import { readSettings } from "../../server-mock/config.ts";
import { enginesOf } from "../../server-mock/engines.ts";

const from = (variables: Readonly<Record<string, string>>) => enginesOf(readSettings({}, variables).config);
const KEYS = { HOLDFAST_S3_ACCESS_KEY: "who", HOLDFAST_S3_SECRET_KEY: "hush" };

test("without a setting everything lies in the data folder", () => {
  expect(from({})).toEqual({ databaseUrl: undefined, bucket: undefined, keys: undefined });
});

test("a bucket, a prefix and a server of one's own", () => {
  const variables = { ...KEYS, HOLDFAST_BLOBS: "s3://backups/here/", HOLDFAST_S3_ENDPOINT: "http://127.0.0.1:9000" };
  const expected = { bucket: "backups", prefix: "here", pathStyle: true, region: "us-east-1" };
  expect(from(variables).bucket).toMatchObject(expected);
});

test("what is not said about a bucket is left to AWS's own variables", () => {
  const expected = { prefix: "", endpoint: undefined, region: undefined, credentials: undefined, pathStyle: false };
  expect(from({ HOLDFAST_BLOBS: "s3://backups" }).bucket).toMatchObject(expected);
});

test.each([
  ["another database", { HOLDFAST_DATABASE_URL: "mysql://u:hush@db/x" }],
  ["no address", { HOLDFAST_DATABASE_URL: "hush" }],
  ["no bucket", { ...KEYS, HOLDFAST_BLOBS: "s3://" }],
  ["a folder", { ...KEYS, HOLDFAST_BLOBS: "/var/lib" }],
  ["half a key", { HOLDFAST_S3_SECRET_KEY: "hush", HOLDFAST_BLOBS: "s3://backups" }],
  ["an endpoint without a scheme", { ...KEYS, HOLDFAST_BLOBS: "s3://backups", HOLDFAST_S3_ENDPOINT: "localhost:9" }],
])("%s is refused, and no secret is told", (_, variables) => {
  const attempt = () => from(variables);
  expect(attempt).toThrow(expect.objectContaining({ code: "config/invalid" }));
  expect(attempt).not.toThrow(/hush/);
});
