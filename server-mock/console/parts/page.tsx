/** A page: its heading, what can be done, and its content. The heading gets the focus, so that a screen reader says where one is. */
import { Anchor, Breadcrumbs, Group, Stack, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import { text } from "../messages/messages.ts";

export interface PageProps {
  readonly title: string;
  /** Pages above this one: title and address. */
  readonly above?: readonly (readonly [title: string, href: string])[];
  /** Buttons and links, top right. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, above = [], actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${text.common.product}`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <Stack gap="md">
      {above.length > 0 && (
        <nav aria-label={text.common.breadcrumbs}>
          <Breadcrumbs>
            {above.map(([name, href]) => (
              <Anchor key={href} component={Link} href={href} size="sm">
                {name}
              </Anchor>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} className="page-title">
          <bdi>{title}</bdi>
        </Title>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
