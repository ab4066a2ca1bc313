/** What went wrong, to what, and what to do next: the service's own sentence and hint. */
import { Alert, Button, Center, Group, Stack, Text } from "@mantine/core";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

export interface ErrorBoxProps {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}

export function ErrorBox({ error, onRetry }: ErrorBoxProps) {
  const { message, hint, status }: ApiError = asApiError(error);
  const isConflict = status === 412;
  return (
    <Alert color="red" variant="light" role="alert" title={isConflict ? text.common.conflict : message}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="var(--mantine-color-text)">
          {isConflict ? text.common.conflictHint : hint}
        </Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {text.common.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Where there is nothing else to show. */
export function ErrorPage(props: ErrorBoxProps) {
  return (
    <Center component="main" mih="60vh" p="md">
      <Group maw={560}>
        <ErrorBox {...props} />
      </Group>
    </Center>
  );
}
