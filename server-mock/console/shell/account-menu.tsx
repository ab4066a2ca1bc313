import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { Link } from "wouter";
import { text } from "../messages/messages.ts";
import { paths } from "../paths.ts";
import { useSession } from "../session/session.tsx";

/** Who one is, colors, the way out. */
export function AccountMenu() {
  const { account, logOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    ["light", text.shell.light],
    ["dark", text.shell.dark],
    ["auto", text.shell.auto],
  ] as const;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label={text.shell.accountMenu(account.name)}
        >
          <bdi className="account-name">{account.name}</bdi>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="dimmed">
          <bdi>{account.email}</bdi>
        </Menu.Label>
        <Menu.Item component={Link} href={paths.me()}>
          {text.shell.items.me}
        </Menu.Item>
        <Menu.Item component="a" href="/v1/docs" target="_blank" rel="noreferrer">
          {text.shell.api}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label c="dimmed">{text.shell.colors}</Menu.Label>
        {schemes.map(([value, label]) => (
          <Menu.Item
            key={value}
            onClick={() => setColorScheme(value)}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            rightSection={colorScheme === value ? "✓" : undefined}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void logOut()}>{text.session.logOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
