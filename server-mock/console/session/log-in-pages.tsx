/** All that there is before a log-in is good: the log-in itself, links of mails, a first password, a second factor. */
import { Anchor, Center, Group, Image, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation } from "wouter";
import { call } from "../api/client.ts";
import { text } from "../messages/messages.ts";
import { doorOf } from "./doors.ts";
import { ForgotPasswordForm } from "./forgot-password-form.tsx";
import { LinkPasswordForm } from "./link-password-form.tsx";
import { LogInForm } from "./log-in-form.tsx";
import { MustChangePassword } from "./must-change-password.tsx";
import { MustEnrol } from "./must-enrol.tsx";
import { keepPlace, lastPlace } from "./place.ts";
import type { Session } from "./session.tsx";

export interface LogInPagesProps {
  readonly limitedTo: Session["limitedTo"];
  /** Somebody is: a link was opened that is good for whoever has it. */
  readonly isLoggedIn: boolean;
  /** Who is here is asked again. */
  readonly onChanged: () => void;
}

export function LogInPages({ limitedTo, isLoggedIn, onChanged }: LogInPagesProps) {
  const [path, navigate] = useLocation();
  const { organization: named, rest, page } = doorOf(path);
  // A page inside the console doesn't say where its reader logs in.
  const organization = named ?? (page === undefined ? lastPlace() : undefined);
  const logOut = async () => {
    await call("logout").catch(() => undefined); // An ended log-in needs no end.
    onChanged();
  };
  const toLogIn = async () => {
    navigate(named === undefined ? "/" : `/o/${named}`);
    // Whoever was logged in here may be somebody else.
    if (isLoggedIn) await logOut();
  };
  const enter = () => {
    keepPlace(organization);
    // A link into the console, with its search and filter, still leads where it led when the log-in is done.
    navigate(page === undefined ? `${rest}${location.search}` : "/", { replace: true });
    onChanged();
  };
  const leave = (
    <Anchor component="button" type="button" size="sm" onClick={() => void logOut()}>
      {text.session.logOut}
    </Anchor>
  );
  const place = organization === undefined ? {} : { organization };
  if (limitedTo === "password")
    return (
      <Door title={text.session.mustChangeTitle} {...place} footer={leave}>
        <MustChangePassword onDone={onChanged} />
      </Door>
    );
  if (limitedTo === "second-factor")
    return (
      <Door title={text.session.mustEnrolTitle} {...place} footer={leave}>
        <MustEnrol onDone={onChanged} />
      </Door>
    );
  switch (page) {
    case "activate":
      return (
        <Door title={text.session.activateTitle} {...place}>
          <LinkPasswordForm route="activate" onLogIn={() => void toLogIn()} />
        </Door>
      );
    case "reset-password":
      return (
        <Door title={text.session.resetTitle} {...place}>
          <LinkPasswordForm route="resetPassword" onLogIn={() => void toLogIn()} />
        </Door>
      );
    case "forgot-password":
      return (
        <Door title={text.session.forgotTitle} {...place}>
          <ForgotPasswordForm {...place} onLogIn={() => void toLogIn()} />
        </Door>
      );
    default:
      return (
        <Door title={text.session.logIn} {...place} footer={named === undefined && organization && <AdminsDoor />}>
          <LogInForm
            key={organization ?? ""}
            {...place}
            forgotHref={`${organization === undefined ? "" : `/o/${organization}`}/forgot-password`}
            onLoggedIn={enter}
          />
        </Door>
      );
  }
}

/** For another person at the same browser. */
const AdminsDoor = () => (
  <Anchor component={Link} href="/login" size="sm">
    {text.session.asAdmin}
  </Anchor>
);

interface DoorProps {
  readonly title: string;
  readonly organization?: string;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

function Door({ title, organization, footer, children }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · ${text.common.product}`;
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={440}>
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap">
            <Image src="/icon.svg" alt="" w={32} h={32} />
            <Stack gap={0}>
              <Text fw={700}>{text.common.product}</Text>
              {organization !== undefined && (
                <Text size="sm" c="dimmed">
                  {text.session.at(organization)}
                </Text>
              )}
            </Stack>
          </Group>
          <Title order={1} size="h3">
            {title}
          </Title>
          {children}
          {footer}
        </Stack>
      </Paper>
    </Center>
  );
}
