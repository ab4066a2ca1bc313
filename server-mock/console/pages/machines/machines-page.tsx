/** Search / List Machines; of a user, the own ones. */
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { urlOf } from "../../api/client.ts";
import { useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";
import { FileLink } from "../../parts/file-link.tsx";
import { ListView } from "../../parts/list-view.tsx";
import { Page } from "../../parts/page.tsx";
import { useList } from "../../parts/use-list.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../session/session.tsx";
import { machineColumns } from "./machine-columns.tsx";
import { SelectedMachines } from "./selected-machines.tsx";
import { useMachineFilters } from "./use-machine-filters.ts";

const KEYS = ["search", "full", "filter", "status", "kind", "group", "user", "organization"];

export function MachinesPage() {
  const session = useSession();
  const { isUser, isOwner, can } = session;
  const list = useList({ keys: KEYS });
  const answer = useRead("listMachines", { query: list.query }, { keepShown: true });
  const filters = useMachineFilters(list);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const rows = answer.data?.items ?? [];
  // What is not shown any more is not acted upon.
  const selected = rows.filter(({ id }) => chosen.includes(id));
  const mayChange = can("machines.edit") || can("machines.delete");
  const title = isUser ? text.machines.ownList : text.machines.list;
  return (
    <Page
      title={title}
      actions={
        <Group gap="md">
          <FileLink href={urlOf("exportMachines", { query: list.choice })} name={`${title}.csv`}>
            {text.common.exportCsv}
          </FileLink>
          {can("machines.edit") && !isOwner && (
            <Button variant="default" component={Link} href={paths.moveMachines()}>
              {text.machines.mapping}
            </Button>
          )}
        </Group>
      }
    >
      <ListView
        label={title}
        list={list}
        answer={answer}
        columns={machineColumns(session)}
        rowId={({ id }) => id}
        searchHint={isUser ? text.machines.ownSearchHint : text.machines.searchHint}
        hasFullSearch
        isDense
        filters={filters}
        {...(mayChange
          ? {
              selection: {
                ids: selected.map(({ id }) => id),
                onChange: setChosen,
                nameOf: ({ name }: { readonly name: string }) => name,
              },
            }
          : {})}
        tools={selected.length > 0 ? <SelectedMachines machines={selected} onDone={() => setChosen([])} /> : undefined}
        empty={<NoMachines />}
      />
    </Page>
  );
}

function NoMachines() {
  const { isUser, can } = useSession();
  if (isUser)
    return (
      <Empty
        title={text.machines.noneOwn}
        hint={text.machines.noneOwnHint}
        action={
          <Button component={Link} href={paths.install()}>
            {text.machines.install}
          </Button>
        }
      />
    );
  return (
    <Empty
      title={text.machines.none}
      hint={text.machines.noneHint}
      action={
        can("users.create") && (
          <Button component={Link} href={paths.newUser()}>
            {text.users.add}
          </Button>
        )
      }
    />
  );
}
