import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import { text } from "../messages/messages.ts";
import { Empty } from "../parts/empty.tsx";
import { Page } from "../parts/page.tsx";
import { paths } from "../paths.ts";

export function MissingPage() {
  return (
    <Page title={text.common.pageMissing}>
      <Empty
        title={text.common.pageMissing}
        hint={text.common.pageMissingHint}
        action={
          <Anchor component={Link} href={paths.overview()}>
            {text.common.toOverview}
          </Anchor>
        }
      />
    </Page>
  );
}
