/** Asks before what can't be taken back, and names the thing. Most acts have an undo instead: see `notify.tsx`. */
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { text } from "../messages/messages.ts";
import { asTyped } from "./as-typed.ts";

export interface Question {
  /** `Delete machine paul-laptop?` */
  readonly title: string;
  /** What will be gone, and for how long it can be brought back. */
  readonly body: ReactNode;
  /** On the button: the verb, not "OK". */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** To be typed first: for what is gone for good. */
  readonly typed?: string;
}

type Ask = (question: Question) => Promise<boolean>;
const ConfirmContext = createContext<Ask | undefined>(undefined);

/** Answers true when the person wants it. */
export function useConfirm(): Ask {
  const ask = useContext(ConfirmContext);
  if (ask === undefined) throw new Error("no question without ConfirmProvider");
  return ask;
}

interface Open {
  readonly question: Question;
  readonly answer: (isWanted: boolean) => void;
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState<Open>();
  const [typed, setTyped] = useState("");
  const ask = useCallback<Ask>(
    (question) =>
      new Promise((resolve) => {
        setTyped("");
        setOpen({ question, answer: resolve });
      }),
    [],
  );
  const end = (isWanted: boolean) => {
    open?.answer(isWanted);
    setOpen(undefined);
  };
  const { question } = open ?? {};
  const mayAct = question?.typed === undefined || asTyped(typed) === asTyped(question.typed);
  return (
    <ConfirmContext value={ask}>
      {children}
      <Modal opened={question !== undefined} onClose={() => end(false)} title={question?.title ?? ""}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (mayAct) end(true);
          }}
        >
          <Stack gap="md">
            <Text component="div" size="sm">
              {question?.body}
            </Text>
            {question?.typed !== undefined && (
              <TextInput
                label={text.common.typeToConfirm(question.typed)}
                value={typed}
                onChange={(event) => setTyped(event.currentTarget.value)}
                data-autofocus
              />
            )}
            <Group justify="flex-end">
              <Button
                variant="default"
                onClick={() => end(false)}
                {...(question?.typed === undefined ? { "data-autofocus": true } : {})}
              >
                {text.common.cancel}
              </Button>
              <Button type="submit" {...(question?.isDangerous ? { color: "red.9" } : {})} disabled={!mayAct}>
                {question?.action}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </ConfirmContext>
  );
}
