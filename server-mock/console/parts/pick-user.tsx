/** One user of many: typed for, chosen from those that fit. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useRead } from "../api/hooks.ts";
import { text } from "../messages/messages.ts";
import { visibleText } from "./name-text.tsx";

const FOUND_MAX = 20;
const TYPED_MS = 250;

export interface Picked {
  readonly id: string;
  /** Of users the e-mail address. */
  readonly name: string;
}

export interface PickProps {
  readonly label?: string;
  readonly value: Picked | null;
  readonly onChange: (picked: Picked | null) => void;
  readonly error?: string | undefined;
  readonly hint?: string;
  /** Only of this group. */
  readonly group?: string | undefined;
  readonly kind?: "desktop" | "server" | undefined;
  /** Of a top-level admin: only of this one. */
  readonly organization?: string | undefined;
}

/** For who may see users. */
export function PickUser({ label = text.groups.pick.user, group, kind, organization, ...rest }: PickProps) {
  const { search, searched, onSearch } = useTyped(rest.value);
  const found = useRead(
    "listUsers",
    {
      query: {
        ...(searched === "" ? {} : { search: searched, full: true }),
        group,
        kind,
        organization,
        limit: FOUND_MAX,
      },
    },
    { keepShown: true },
  );
  const options = found.data?.items.map(({ id, email, name }) => ({ id, name: email, label: `${email} · ${name}` }));
  return <PickOne {...rest} {...{ label, search, onSearch, options }} placeholder={text.groups.pick.userHint} />;
}

/** One machine of many. */
export function PickMachine({ label = text.groups.pick.machine, group, kind, organization, ...rest }: PickProps) {
  const { search, searched, onSearch } = useTyped(rest.value);
  const found = useRead(
    "listMachines",
    {
      query: {
        ...(searched === "" ? {} : { search: searched, full: true }),
        group,
        kind,
        organization,
        limit: FOUND_MAX,
      },
    },
    { keepShown: true },
  );
  const options = found.data?.items.map(({ id, name, user }) => ({ id, name, label: `${name} · ${user.email}` }));
  return <PickOne {...rest} {...{ label, search, onSearch, options }} placeholder={text.groups.pick.machineHint} />;
}

/** What is typed, and what is asked for: what was chosen before is not searched for again. */
function useTyped(value: Picked | null) {
  const [search, onSearch] = useState("");
  const wanted = value !== null && search.startsWith(visibleText(value.name)) ? "" : search.trim();
  const [searched] = useDebouncedValue(wanted, TYPED_MS);
  return { search, searched, onSearch };
}

interface PickOneProps extends Omit<PickProps, "group" | "kind" | "organization"> {
  readonly label: string;
  readonly placeholder: string;
  readonly search: string;
  readonly onSearch: (typed: string) => void;
  readonly options: readonly (Picked & { readonly label: string })[] | undefined;
}

function PickOne({ label, placeholder, value, onChange, error, hint, search, onSearch, options = [] }: PickOneProps) {
  const missing = value !== null && !options.some(({ id }) => id === value.id) ? [{ ...value, label: value.name }] : [];
  return (
    <Select
      label={label}
      placeholder={placeholder}
      description={hint}
      error={error}
      searchable
      clearable
      clearButtonProps={{ "aria-label": text.common.remove }}
      nothingFoundMessage={text.groups.pick.nothing}
      data={[...options, ...missing].map((option) => ({ value: option.id, label: visibleText(option.label) }))}
      filter={({ options: all }) => all}
      value={value?.id ?? null}
      onChange={(id) => onChange([...options, ...missing].find((option) => option.id === id) ?? null)}
      searchValue={search}
      onSearchChange={onSearch}
    />
  );
}
