/** Above a form's fields: what was refused as a whole, and what was brought back. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { text } from "../messages/messages.ts";
import { ErrorBox } from "./error-box.tsx";
import type { ApiForm } from "./use-api-form.ts";

export function FormNotes<Values extends Record<string, unknown>>({ form }: { readonly form: ApiForm<Values> }) {
  const wrong = Object.keys(form.errors).length;
  return (
    <>
      {form.isRestored && (
        <Alert color="teal" role="status">
          <Group justify="space-between">
            <Text size="sm">{text.common.draftRestored}</Text>
            <Button size="compact-sm" variant="default" onClick={form.startAfresh}>
              {text.common.discardDraft}
            </Button>
          </Group>
        </Alert>
      )}
      {form.failure && <ErrorBox error={form.failure} />}
      {wrong > 0 && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {text.common.leftToFix(wrong)}
        </Text>
      )}
    </>
  );
}
