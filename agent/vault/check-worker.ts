/** A thread that opens chunks to see whether they can be opened, and are as long as somebody relies on. */
import { checkLengths } from "./check-lengths.ts";
import { workThroughRanges } from "./range-thread.ts";

workThroughRanges(() => ({ begin: checkLengths }));
