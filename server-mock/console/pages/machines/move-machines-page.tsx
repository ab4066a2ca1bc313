/** Machine mapping: many machines to other users, by a file that is downloaded, filled in, looked at in a dry run, and carried out. */
import { Button, FileInput, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { MovesResult } from "../../../../protocol/messages/machine-acts.ts";
import { urlOf } from "../../api/client.ts";
import { useAct } from "../../api/hooks.ts";
import { text } from "../../messages/messages.ts";
import { useConfirm } from "../../parts/confirm.tsx";
import { ErrorBox } from "../../parts/error-box.tsx";
import { notify } from "../../parts/notify.tsx";
import { Page } from "../../parts/page.tsx";
import { Panel } from "../../parts/panel.tsx";
import { paths } from "../../paths.ts";
import { MovesOutcome } from "./moves-outcome.tsx";

const { moves } = text.machines;

export function MoveMachinesPage() {
  return (
    <Page title={moves.title} above={[[text.machines.list, paths.machines()]]}>
      <Text size="sm" c="dimmed">
        {moves.intro}
      </Text>
      <Panel title={moves.step1}>
        <Stack gap="sm" align="flex-start">
          <Text size="sm" maw={720}>
            {moves.step1Hint}
          </Text>
          <Button component="a" href={urlOf("exportMachineMoves")} download variant="default">
            {moves.download}
          </Button>
        </Stack>
      </Panel>
      <Upload />
    </Page>
  );
}

function Upload() {
  const confirm = useConfirm();
  const [file, setFile] = useState<File | null>(null);
  const [isMissing, setIsMissing] = useState(false);
  const [checked, setChecked] = useState<MovesResult>();
  const [done, setDone] = useState<MovesResult>();
  const check = useAct("moveMachines", { onDone: setChecked, rereads: false });
  const move = useAct("moveMachines", {
    onDone(result) {
      setDone(result);
      notify(moves.done(result.moved));
    },
  });
  const forget = () => {
    setChecked(undefined);
    setDone(undefined);
    check.reset();
    move.reset();
  };
  const send = (dryRun: boolean) => {
    setIsMissing(file === null);
    if (file === null) return;
    (dryRun ? check : move).mutate({ query: { dryRun }, body: file });
  };
  const carryOut = async (count: number) => {
    const asked = { title: moves.confirm(count), body: moves.confirmBody, action: moves.do(count) };
    if (await confirm(asked)) send(false);
  };
  const error = check.error ?? move.error;
  return (
    <>
      <Panel title={moves.step2}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            forget();
            send(true);
          }}
        >
          <Stack gap="sm">
            <Text size="sm" maw={720}>
              {moves.step2Hint}
            </Text>
            <Group align="flex-start">
              <FileInput
                label={moves.file}
                placeholder={moves.choose}
                accept=".csv,text/csv"
                value={file}
                clearable
                clearButtonProps={{ "aria-label": text.common.remove }}
                error={isMissing ? moves.fileNeeded : undefined}
                onChange={(chosen) => {
                  setFile(chosen);
                  setIsMissing(false);
                  forget();
                }}
                w={320}
              />
              <Button type="submit" mt={25} loading={check.isPending}>
                {moves.check}
              </Button>
            </Group>
            {error !== null && <ErrorBox error={error} />}
            {checked !== undefined && <MovesOutcome title={moves.dryRun} result={checked} />}
          </Stack>
        </form>
      </Panel>
      {checked !== undefined && (
        <Panel title={moves.step3}>
          <Stack gap="sm" align="flex-start">
            {checked.moved === 0 ? (
              <Text size="sm">{moves.none}</Text>
            ) : (
              done === undefined && (
                <>
                  {checked.errors.length > 0 && <Text size="sm">{moves.errorsNote}</Text>}
                  <Button loading={move.isPending} onClick={() => void carryOut(checked.moved)}>
                    {moves.do(checked.moved)}
                  </Button>
                </>
              )
            )}
            {done !== undefined && <MovesOutcome title={moves.result} result={done} />}
          </Stack>
        </Panel>
      )}
    </>
  );
}
