/** The numbers that both sides must agree on, stated once (docs/format.md, docs/protocol.md). */

export const CHUNK_BYTES_MAX = 4 * 1024 * 1024;
export const PACK_BYTES_MAX = 64 * 1024 * 1024;
export const PACK_SESSIONS_MAX = 1024;

export const JSON_BYTES_MAX = 1024 * 1024;
/** For commit and locate. */
export const LARGE_JSON_BYTES_MAX = 8 * 1024 * 1024;

export const LOCATE_IDS_MAX = 8192;
export const CHUNK_IDS_PAGE = 32_768;
export const MISSING_IDS_MAX = 1000;
export const PROBLEMS_MAX = 1000;

export const LIST_LIMIT_MAX = 500;
export const LIST_LIMIT_DEFAULT = 50;

export const LEASE_MS = 15 * 60 * 1000;
export const STAGED_KEEP_MS = 7 * 24 * 3600 * 1000;
