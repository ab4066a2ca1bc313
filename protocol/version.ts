/** What this build speaks, and what it accepts from the other side. */
export const VERSION = "0.1.0";
export const PROTOCOL = { min: 1, max: 1 } as const;
