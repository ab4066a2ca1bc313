import { movedStorageConformance, movingRefusals } from "../../test/conformance/moved-storage.ts";
import { postgresDatabase } from "../../test/support/postgres.ts";

movedStorageConformance("PostgreSQL and a folder", async () => ({ databaseUrl: await postgresDatabase() }));
movedStorageConformance("another folder", async () => ({}));
movingRefusals();
