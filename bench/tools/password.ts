/** Of repositories that live as long as a benchmark. */
export const PASSWORD = "benchmark";
