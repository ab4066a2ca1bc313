import { machineConformance } from "../../../test/conformance/machine-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(machineConformance);
