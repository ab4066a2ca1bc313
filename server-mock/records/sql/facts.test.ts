import { factsConformance } from "../../../test/conformance/facts-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(factsConformance);
