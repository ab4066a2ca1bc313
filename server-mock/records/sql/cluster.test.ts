import { clusterConformance } from "../../../test/conformance/cluster-records.ts";
import { eachRecordsEngine } from "../../../test/support/each-engine.ts";

eachRecordsEngine(clusterConformance);
