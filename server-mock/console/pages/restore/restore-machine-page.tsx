/** Restore files of one machine: a date, the tree as of then, what is selected, its download, and what was restored before. */
import { Modal, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ArchiveCreated } from "../../../../protocol/messages/web-restore.ts";
import { useAct, useRead } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { ErrorBox } from "../../parts/error-box.tsx";
import { visibleText } from "../../parts/name-text.tsx";
import { Page } from "../../parts/page.tsx";
import { MachineRestores } from "../../parts/records/machine-records.tsx";
import { paths } from "../../paths.ts";
import type { PageProps } from "../page-row.ts";
import { ArchiveCard } from "./archive-card.tsx";
import { KeyPanel } from "./key-panel.tsx";
import { MachineTree } from "./machine-tree.tsx";
import { OrderForm } from "./order-form.tsx";
import { OrderList, rereadRestores } from "./order-list.tsx";
import { partsOf, type Selection } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";

const t = text.restore;

export function RestoreMachinePage({ params: { machine: id = "" } }: PageProps) {
  const client = useQueryClient();
  const machine = useRead("getMachine", { params: { machine: id } });
  const [selection, setSelection] = useState<Selection>([]);
  const [archives, setArchives] = useState<readonly ArchiveCreated[]>([]);
  const [isOrdering, setIsOrdering] = useState(false);
  const create = useAct("createArchive", {
    rereads: false,
    onDone(created) {
      setArchives((before) => [created, ...before]);
      setSelection([]);
      void rereadRestores(client);
    },
  });
  const { data } = machine;
  const parts = partsOf(selection);
  const [part] = parts;
  const select = (next: Selection) => {
    create.reset();
    setSelection(next);
  };
  return (
    <Page title={t.of(data === undefined ? "…" : visibleText(data.name))} above={[[t.title, paths.restore()]]}>
      {machine.error !== null && <ErrorBox error={machine.error} onRetry={() => void machine.refetch()} />}
      {machine.error === null && data === undefined && <Skeleton height={240} />}
      {data !== undefined && (
        <MachineTree
          machine={data}
          purpose="restore"
          selecting={{ selection, onChange: select }}
          ownKey={(snapshot) => <KeyPanel machine={data} snapshot={snapshot} />}
          below={(webRestore) => (
            <>
              <SelectionBar
                selection={selection}
                onChange={select}
                isSending={create.isPending}
                error={create.error}
                onOrder={() => setIsOrdering(true)}
                onDownload={(format) => create.mutate({ params: { webRestore }, body: { parts, format } })}
              />
              {archives.length > 0 && (
                <Stack gap="xs" component="section">
                  <Title order={2} size="h4">
                    {t.downloads}
                  </Title>
                  {archives.map((each) => (
                    <ArchiveCard
                      key={each.id}
                      created={each}
                      onChanged={() => void rereadRestores(client)}
                      onDismiss={() => {
                        setArchives((before) => before.filter(({ id: other }) => other !== each.id));
                        void rereadRestores(client);
                      }}
                    />
                  ))}
                </Stack>
              )}
              <OrderList machine={id} isHiddenWhenEmpty />
            </>
          )}
        />
      )}
      {data !== undefined && (
        <Stack gap="xs" component="section">
          <Title order={2} size="h4">
            {t.restores}
          </Title>
          <MachineRestores machine={id} name={data.name} />
        </Stack>
      )}
      <Modal opened={isOrdering} onClose={() => setIsOrdering(false)} title={t.orderForm.title} size="lg">
        {parts.length > 1 && <Text size="sm">{t.orderForm.oneDate}</Text>}
        {part !== undefined && parts.length === 1 && (
          <OrderForm
            machine={id}
            snapshot={part.snapshot}
            paths={part.paths}
            onDone={() => {
              setIsOrdering(false);
              setSelection([]);
              void rereadRestores(client);
            }}
          />
        )}
      </Modal>
    </Page>
  );
}
