import { spaceConformance } from "../../../test/conformance/space-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(spaceConformance);
