/** Add New User, apart from how it looks: what the form holds, what is sent, and where what was refused is told. */

import type { UsersCreated } from "../../../../../protocol/messages/users.ts";
import type { Body } from "../../../api/client.ts";
import { text } from "../../../messages/messages.ts";
import { wholeGigabytes } from "../../../parts/gigabytes.ts";

export interface UserRow {
  /** Tells rows apart while some go. */
  readonly key: number;
  readonly name: string;
  readonly email: string;
}

/** As typed. */
export interface NewUsersForm extends Record<string, unknown> {
  readonly group: string;
  readonly kind: "desktop" | "server";
  /** GB; blank: shares the group's. */
  readonly limit: string;
  readonly devices: string;
  readonly region: string;
  readonly sync: boolean;
  readonly send: boolean;
  readonly rows: readonly UserRow[];
}

export const emptyRow = (key: number): UserRow => ({ key, name: "", email: "" });

export const EMPTY: NewUsersForm = {
  group: "",
  kind: "desktop",
  limit: "",
  devices: "1",
  region: "",
  sync: false,
  send: true,
  rows: [emptyRow(1)],
};

export const nextKey = (rows: readonly UserRow[]): number => Math.max(0, ...rows.map(({ key }) => key)) + 1;

/** The API's names of fields → the form's. */
export const FIELDS = { users: "rows", limitBytes: "limit", installRegion: "region" } as const;

const words = text.users.new;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const isBlank = ({ name, email }: UserRow): boolean => name.trim() === "" && email.trim() === "";

/** Rows that nobody typed into are left out; the first stays, so that something is asked for. */
const meant = (rows: readonly UserRow[]): readonly UserRow[] => {
  const typed = rows.filter((row) => !isBlank(row));
  return typed.length === 0 ? rows.slice(0, 1) : typed;
};

/** Field → what is wrong, as far as the page can know. */
export function problemsOf(
  form: NewUsersForm,
  { needsGroup }: { readonly needsGroup: boolean },
): Record<string, string> {
  const problems: Record<string, string> = {};
  if (needsGroup && form.group === "") problems.group = words.groupNeeded;
  if (form.limit.trim() !== "" && wholeGigabytes(form.limit) === undefined) problems.limit = text.common.wholeGb;
  if (!/^\d{1,7}$/.test(form.devices.trim()) || Number(form.devices) === 0) problems.devices = words.devicesNeeded;
  const wanted = meant(form.rows);
  for (const [index, row] of form.rows.entries()) {
    if (!wanted.includes(row)) continue;
    if (row.name.trim() === "") problems[`rows.${index}.name`] = words.nameNeeded;
    if (row.email.trim() === "") problems[`rows.${index}.email`] = words.emailNeeded;
    else if (!EMAIL.test(row.email.trim())) problems[`rows.${index}.email`] = words.emailWrong;
  }
  return problems;
}

export function requestOf(form: NewUsersForm): Body<"createUsers"> {
  return {
    ...(form.group === "" ? {} : { group: form.group }),
    kind: form.kind,
    limitBytes: wholeGigabytes(form.limit) ?? null,
    devices: Number(form.devices),
    installRegion: form.region === "" ? null : form.region,
    sync: form.sync && form.kind === "desktop",
    sendInstructions: form.send,
    users: meant(form.rows).map(({ name, email }) => ({ name: name.trim(), email: email.trim() })),
  };
}

export interface AfterSending {
  /** What is left to correct; an empty row when all were created. */
  readonly rows: readonly UserRow[];
  readonly errors: Readonly<Record<string, string>>;
}

/** Rows that were created are gone, the others stay with their reason beside the field that it is about. */
export function afterSending(form: NewUsersForm, answer: UsersCreated): AfterSending {
  const sent = meant(form.rows);
  const rows: UserRow[] = [];
  const errors: Record<string, string> = {};
  for (const [index, { user, error }] of answer.rows.entries()) {
    const row = sent[index];
    if (user !== null || row === undefined) continue;
    if (error !== null) errors[fieldOf(error.field, rows.length)] = error.message;
    rows.push(row);
  }
  return { rows: rows.length === 0 ? [emptyRow(nextKey(form.rows))] : rows, errors };
}

/** What a row's error is about may be the profile that all rows share. */
function fieldOf(field: string | null, row: number): string {
  if (field === "name" || field === "email") return `rows.${row}.${field}`;
  if (field === "limitBytes") return "limit";
  if (field === "installRegion") return "region";
  if (field === "devices" || field === "group" || field === "kind") return field;
  return `rows.${row}.email`;
}
