/** The service's own tests, on PostgreSQL and a bucket. */
process.env.HOLDFAST_TEST_ENGINES = "postgres+s3";

await import("../service/backup-story.test.ts");
await import("../service/crash.test.ts");
await import("../service/quota.test.ts");
await import("../service/restores.test.ts");
