/** The workloads there are, in the order they are run. */
import { documents } from "./documents.ts";
import { dump } from "./dump.ts";
import { image } from "./image.ts";
import { media } from "./media.ts";
import { realTree } from "./real-tree.ts";
import { smallFiles } from "./small-files.ts";
import type { Workload } from "./workload.ts";

export const WORKLOADS: readonly Workload[] = [documents, smallFiles, realTree, image, dump, media];
