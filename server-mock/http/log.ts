/** The service's log: JSON lines on standard error. Calls log their route, never headers, bodies or tokens. */
import pino, { type Logger } from "pino";

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STDERR = 2;

export const serviceLog = (level: LogLevel): Logger =>
  pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: STDERR, sync: true }));

export type { Logger };
