import { webRestoresConformance } from "../../../test/conformance/web-restores-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(webRestoresConformance);
