/** What somebody wants restored, as it is kept: sealed, because names of files are nothing that a copy of the database should tell. */
import { z } from "zod";
import { HoldfastError } from "../../../protocol/errors.ts";
import { orderRequest } from "../../../protocol/messages/restore-orders.ts";
import { archiveRequest } from "../../../protocol/messages/web-restore.ts";
import type { WebRestoreRow } from "../../records/restores.ts";
import type { Domain } from "../domain.ts";

const archiveWish = archiveRequest.extend({ fileName: z.string() });
export type ArchiveWish = z.output<typeof archiveWish>;
export type OrderWish = z.output<typeof orderRequest>;

const contextOf = (restore: string): string => `web-restore/${restore}`;

export const sealWish = ({ keys }: Domain, restore: string, wish: ArchiveWish | OrderWish): string =>
  keys.secrets.seal(Buffer.from(JSON.stringify(wish)), contextOf(restore)).toString("base64");

export const archiveWishOf = (domain: Domain, row: WebRestoreRow): ArchiveWish =>
  archiveWish.parse(openWish(domain, row));

export const orderWishOf = (domain: Domain, row: WebRestoreRow): OrderWish => orderRequest.parse(openWish(domain, row));

function openWish({ keys }: Domain, { restore, wish }: WebRestoreRow): unknown {
  const opened = wish === null ? undefined : keys.secrets.open(Buffer.from(wish, "base64"), contextOf(restore));
  if (opened === undefined)
    throw new HoldfastError("key/unavailable", { reason: "the wish of a restore does not open" });
  return JSON.parse(opened.toString());
}
