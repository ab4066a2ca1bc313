/**
 * The tables, forward only: a released statement never changes, later ones are added behind it. Written so that every database can be told: key
 * words in capitals, names beginning small, types TEXT, INTEGER and BLOB as SQLite knows them.
 */
import { FIRST } from "./0001-first.ts";

export const MIGRATIONS: readonly string[] = [FIRST];
