/** Search as of the chosen date, and what the listing shows. */
import { Button, Checkbox, Group, NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { text } from "../../messages/messages.ts";
import { ROOT } from "./spelled-path.ts";
import type { PlaceState } from "./use-place.ts";

const TYPED_MS = 400;

const t = text.restore;
const ORDERS = Object.entries(t.orders).map(([value, label]) => ({ value, label }));

export function SearchTools({ place }: { readonly place: PlaceState }) {
  const { search, folder, isBelowHere, hasDeleted, order, go } = place;
  const [typed, setTyped] = useState(search);
  const written = useRef(search);
  // Cleared, or gone back, elsewhere.
  useEffect(() => {
    if (search !== written.current) setTyped(search);
    written.current = search;
  }, [search]);
  useEffect(() => {
    if (typed.trim() === written.current) return;
    const timer = setTimeout(() => {
      // The way back leads to the folder, not through every letter.
      const isFirst = written.current === "";
      written.current = typed.trim();
      go({ search: typed.trim() }, { replace: !isFirst });
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, go]);
  return (
    <Group align="flex-end" gap="md" role="search">
      <TextInput
        type="search"
        label={t.searchFiles}
        placeholder={t.searchFilesHint}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        miw={240}
      />
      {folder !== ROOT && (
        <NativeSelect
          label={t.searchWhere}
          value={isBelowHere ? "here" : "everywhere"}
          onChange={(event) => go({ isBelowHere: event.currentTarget.value === "here" }, { replace: true })}
          data={[
            { value: "everywhere", label: t.everywhere },
            { value: "here", label: t.belowHere },
          ]}
        />
      )}
      {search === "" ? (
        <NativeSelect
          label={t.order}
          value={order}
          onChange={(event) =>
            go({ order: event.currentTarget.value === "name" ? "name" : "folders-first" }, { replace: true })
          }
          data={ORDERS}
        />
      ) : (
        <Button variant="subtle" onClick={() => go({ search: "" })}>
          {text.common.clearSearch}
        </Button>
      )}
      <Checkbox
        mb={6}
        label={t.includeDeleted}
        checked={hasDeleted}
        onChange={(event) => go({ hasDeleted: event.currentTarget.checked }, { replace: true })}
      />
    </Group>
  );
}
