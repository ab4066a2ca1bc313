/** The service's own tests, on PostgreSQL and a bucket. */
process.env.HOLDFAST_TEST_ENGINES = "postgres+s3";

await import("../../server-mock/backup-story.test.ts");
await import("../../server-mock/crash.test.ts");
await import("../../server-mock/quota.test.ts");
await import("../../server-mock/restores.test.ts");
