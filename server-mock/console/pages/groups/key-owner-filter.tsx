/** Keys of one user; the address carries the user. */
import { Box } from "@mantine/core";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { PickUser } from "../../parts/pick-user.tsx";
import type { ListState } from "../../parts/use-list.ts";

export function KeyOwnerFilter({ list }: { readonly list: ListState }) {
  const id = list.choice.user;
  const user = useRead("getUser", { params: { user: id ?? "" } }, { when: id !== undefined });
  const value = id === undefined ? null : { id, name: user.data?.email ?? "…" };
  return (
    <Box w={260}>
      <PickUser
        label={text.groups.keys.owner}
        value={value}
        onChange={(picked) => list.set({ user: picked?.id ?? "" })}
      />
    </Box>
  );
}
