import { Button } from "@mantine/core";
import { text } from "../../messages/messages.ts";
import { Empty } from "../../parts/empty.tsx";

/** The service has let go of the key: nothing is lost but a moment. */
export function SessionEnded({ onReopen }: { readonly onReopen: () => void }) {
  return (
    <Empty
      title={text.restore.ended}
      hint={text.restore.endedHint}
      action={<Button onClick={onReopen}>{text.restore.openAgain}</Button>}
    />
  );
}
