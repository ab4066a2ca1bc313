import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { text } from "../messages/messages.ts";

/** While a page or its first answer is on its way. */
export function PageSkeleton() {
  return (
    <Stack p="md" gap="md" aria-busy="true">
      <VisuallyHidden role="status">{text.common.loading}</VisuallyHidden>
      <Skeleton height={28} width="30%" />
      <Skeleton height={120} />
      <Skeleton height={240} />
    </Stack>
  );
}
