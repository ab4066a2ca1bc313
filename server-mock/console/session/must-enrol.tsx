import { Stack, Text } from "@mantine/core";
import { text } from "../messages/messages.ts";
import { EnrolSecondFactor } from "../parts/enrol-second-factor.tsx";

/** The organization asks for a second factor, and this account has none yet. */
export function MustEnrol({ onDone }: { readonly onDone: () => void }) {
  return (
    <Stack>
      <Text size="sm">{text.session.mustEnrolHint}</Text>
      <EnrolSecondFactor onDone={onDone} />
    </Stack>
  );
}
