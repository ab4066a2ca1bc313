import { movedStorageConformance } from "../../test/conformance/moved-storage.ts";
import { postgresDatabase } from "../../test/support/postgres.ts";
import { s3Place } from "../../test/support/s3.ts";

movedStorageConformance("PostgreSQL and S3", async () => ({
  databaseUrl: await postgresDatabase(),
  bucket: s3Place(),
}));
