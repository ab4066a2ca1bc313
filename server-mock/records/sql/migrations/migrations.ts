/**
 * The tables, forward only: a released statement never changes, later ones are added behind it. Written so that every database can be told: key
 * words in capitals, names beginning small, types TEXT, INTEGER and BLOB as SQLite knows them.
 */
import { FIRST } from "./0001-first.ts";
import { ACCOUNTS } from "./0002-accounts.ts";
import { NOTICES } from "./0003-notices.ts";
import { SPACE } from "./0005-space.ts";
import { REMEMBERED_CALLS } from "./0006-remembered-calls.ts";
import { CHAINS } from "./0007-chains.ts";
import { CLUSTER } from "./0008-cluster.ts";
import { SECURITY } from "./0009-security.ts";
import { PEOPLE } from "./0010-people.ts";
import { MACHINES } from "./0012-machines.ts";
import { LISTS } from "./0013-lists.ts";
import { RECORDS } from "./0014-records.ts";
import { GRANTS } from "./0015-grants.ts";
import { FACTS } from "./0016-facts.ts";
import { WEB_RESTORES } from "./0017-web-restores.ts";
import { AGENT_STATES } from "./0018-agent-states.ts";
import { RUN_FLAGS } from "./0019-run-flags.ts";
import { WRAPS } from "./0020-wraps.ts";
import { ORDER_NOTES } from "./0021-order-notes.ts";

export const MIGRATIONS: readonly string[] = [
  FIRST,
  ACCOUNTS,
  NOTICES,
  SPACE,
  REMEMBERED_CALLS,
  CHAINS,
  CLUSTER,
  SECURITY,
  PEOPLE,
  MACHINES,
  RECORDS,
  LISTS,
  GRANTS,
  FACTS,
  WEB_RESTORES,
  ORDER_NOTES,
  WRAPS,
  AGENT_STATES,
  RUN_FLAGS,
];
