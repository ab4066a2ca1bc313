import { rememberedCallsConformance } from "../../../test/conformance/remembered-calls-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(rememberedCallsConformance);
