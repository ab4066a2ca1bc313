/** Looks through the chains of records, and names every row that is not what it was when it was written. */
import { equalSecrets } from "../../../base/digest.ts";
import type { ChainedKind, ChainLinkRow, ChainRow } from "../../records/chain-rows.ts";
import type { AuditRow, BackupRow, RestoreRow } from "../../records/rows.ts";
import type { Domain } from "../domain.ts";
import { digestOf, FIRST_BEFORE, follows } from "./record-chain.ts";

const LINKS_AT_ONCE = 500;
const ADDED_SHOWN_MAX = 1000;

export interface RecordTrouble {
  readonly chain: string;
  readonly kind: ChainedKind | "chain";
  /** Id of the row, or the number of the link. */
  readonly subject: string;
  readonly what: "edited" | "removed" | "added" | "link changed" | "links missing";
}

export interface ChainHead {
  readonly chain: string;
  readonly count: number;
  /** Hexadecimal. */
  readonly head: string;
}

export interface RecordsVerified {
  readonly chains: number;
  readonly links: number;
  readonly troubles: readonly RecordTrouble[];
  /** To keep elsewhere: a later chain that does not contain one of them was cut or begun anew. */
  readonly heads: readonly ChainHead[];
}

/** `noted`: heads of an earlier look. `onChain` is told how many chains have been looked through. */
export async function verifyRecords(
  domain: Domain,
  { noted = [], onChain = () => undefined }: { noted?: readonly ChainHead[]; onChain?: (count: number) => void } = {},
): Promise<RecordsVerified> {
  const troubles: RecordTrouble[] = [];
  const heads: ChainHead[] = [];
  let links = 0;
  const wanted = new Map(noted.map((each) => [each.chain, each]));
  for (let after: string | undefined; ; ) {
    const chains = await domain.records.chains.list({ limit: LINKS_AT_ONCE, after });
    for (const chain of chains) {
      troubles.push(...(await lookThrough(domain, chain, wanted.get(chain.chain))));
      wanted.delete(chain.chain);
      heads.push({ chain: chain.chain, count: chain.count, head: Buffer.from(chain.head).toString("hex") });
      links += chain.count;
      onChain(heads.length);
    }
    after = chains.at(-1)?.chain;
    if (chains.length < LINKS_AT_ONCE) break;
  }
  for (const { chain, count } of wanted.values())
    troubles.push({ chain, kind: "chain", subject: `1 to ${count}`, what: "links missing" });
  troubles.push(...(await findAdded(domain)));
  return { chains: heads.length, links, troubles, heads };
}

/** The service may be at work: links that came since the chain was listed are looked at, too, and its head is that of the last one before them. */
async function lookThrough(
  domain: Domain,
  { chain, count, head }: ChainRow,
  noted: ChainHead | undefined,
): Promise<RecordTrouble[]> {
  const { records, keys } = domain;
  const troubles: RecordTrouble[] = [];
  const newest = new Map<string, ChainLinkRow>();
  let before: Uint8Array = FIRST_BEFORE;
  let last: Uint8Array = FIRST_BEFORE;
  let number = 0;
  for (;;) {
    const links = await records.chains.listLinks(chain, { limit: LINKS_AT_ONCE, after: number });
    for (const link of links) {
      if (link.number !== number + 1) troubles.push(missing(chain, number + 1, link.number - 1));
      else if (!follows(keys.chainKey, before, link))
        troubles.push({ chain, kind: "chain", subject: `link ${link.number}`, what: "link changed" });
      if (noted?.count === link.number && noted.head !== Buffer.from(link.hash).toString("hex"))
        troubles.push({ chain, kind: "chain", subject: `link ${link.number}`, what: "link changed" });
      before = link.hash;
      if (link.number <= count) last = link.hash;
      number = link.number;
      newest.set(`${link.kind}/${link.subject}`, link);
    }
    if (links.length < LINKS_AT_ONCE) break;
  }
  const expected = Math.max(count, noted?.count ?? 0);
  const known = number > count ? ((await records.chains.find(chain))?.count ?? 0) : count;
  if (number < expected || known < number || !equalSecrets(last, head))
    troubles.push(missing(chain, number + 1, expected));
  for (const link of newest.values()) {
    const row = await rowOf(domain, link);
    const { kind, subject } = link;
    if (row === undefined) troubles.push({ chain, kind, subject, what: "removed" });
    else if (!equalSecrets(digestOf(kind, row), link.digest)) troubles.push({ chain, kind, subject, what: "edited" });
  }
  return troubles;
}

const missing = (chain: string, from: number, until: number): RecordTrouble => ({
  chain,
  kind: "chain",
  subject: from < until ? `links ${from} to ${until}` : `link ${from}`,
  what: "links missing",
});

function rowOf(
  { records }: Domain,
  { kind, subject }: ChainLinkRow,
): Promise<BackupRow | RestoreRow | AuditRow | undefined> {
  switch (kind) {
    case "backup":
      return records.backups.find(subject);
    case "restore":
      return records.restores.find(subject);
    case "audit":
      return records.audit.find(Number(subject));
  }
}

/** Rows that came into the tables without their link. */
async function findAdded({ records }: Domain): Promise<RecordTrouble[]> {
  const { backups, restores, audit } = await records.chains.listUnchained(ADDED_SHOWN_MAX);
  return [
    ...backups.map(({ id, machine }) => ({ chain: `machine/${machine}`, kind: "backup" as const, subject: id })),
    ...restores.map(({ id, machine }) => ({ chain: `machine/${machine}`, kind: "restore" as const, subject: id })),
    ...audit.map(({ id, organization }) => {
      return { chain: `audit/${organization ?? "service"}`, kind: "audit" as const, subject: String(id) };
    }),
  ].map((each) => ({ ...each, what: "added" }));
}
