import { noticesConformance } from "../../../test/conformance/notices-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(noticesConformance);
