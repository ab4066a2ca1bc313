import { securityConformance } from "../../../test/conformance/security-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(securityConformance);
