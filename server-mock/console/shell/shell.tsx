/** Menu, header, and the page of this address. */
import { Anchor, AppShell, Box, Burger, Group, Image, NavLink, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { text } from "../messages/messages.ts";
import { paths } from "../paths.ts";
import { useSession } from "../session/session.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { ActingBanner } from "./acting-banner.tsx";
import { CurrentPage } from "./current-page.tsx";
import { menuOf } from "./menu.ts";

export function Shell() {
  const session = useSession();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes whenever the address changes.
  useEffect(close, [path]);
  // A long menu shows where one is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu's mark moves with the address.
  useEffect(() => {
    document.querySelector("nav [aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [path]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <a href="#content" className="skip-link">
        {text.shell.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={text.shell.openMenu}
              aria-expanded={isOpen}
            />
            <Anchor component={Link} href={paths.overview()} underline="never" c="var(--mantine-color-text)">
              <Group gap="xs" wrap="nowrap">
                <Image src="/icon.svg" alt="" w={26} h={26} />
                <Text fw={700}>{text.common.product}</Text>
              </Group>
            </Anchor>
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={text.shell.menu}>
        <ScrollArea px="xs" py="sm">
          {menuOf(session).map(({ title, items }) => (
            <Box key={title} role="group" aria-label={title} className="menu-section">
              <Text size="xs" fw={700} c="dimmed" px="sm" pt="sm" pb={4}>
                {title}
              </Text>
              {items.map(({ label, href }) => (
                <NavLink
                  key={href}
                  component={Link}
                  href={href}
                  label={label}
                  active={isCurrent(href, path, items)}
                  {...(isCurrent(href, path, items) ? { "aria-current": "page" as const } : {})}
                />
              ))}
            </Box>
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content">
        <ActingBanner />
        <CurrentPage />
      </AppShell.Main>
    </AppShell>
  );
}

/** The longest item that the address begins with: `/users/new` is not also `/users`. */
function isCurrent(href: string, path: string, items: readonly { readonly href: string }[]): boolean {
  const fits = (each: string) => path === each || (each !== "/" && path.startsWith(`${each}/`));
  return fits(href) && !items.some((other) => other.href.length > href.length && fits(other.href));
}
