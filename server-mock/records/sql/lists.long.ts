import { listsConformance } from "../../../test/conformance/list-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(listsConformance);
