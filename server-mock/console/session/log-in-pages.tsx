/** All that there is before a log-in is good: the log-in itself, links of mails, a first password, a second factor. */
import { Center, Group, Image, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { useLocation } from "wouter";
import { text } from "../messages/messages.ts";
import { ForgotPasswordForm } from "./forgot-password-form.tsx";
import { LinkPasswordForm } from "./link-password-form.tsx";
import { LogInForm } from "./log-in-form.tsx";
import { MustChangePassword } from "./must-change-password.tsx";
import { MustEnrol } from "./must-enrol.tsx";
import type { Session } from "./session.tsx";

export interface LogInPagesProps {
  readonly limitedTo: Session["limitedTo"];
  readonly onLoggedIn: () => void;
}

const PLACE = /^\/o\/([^/]+)(\/.*)?$/;

export function LogInPages({ limitedTo, onLoggedIn }: LogInPagesProps) {
  const [path, navigate] = useLocation();
  const [, organization, rest = "/"] = PLACE.exec(path) ?? [undefined, undefined, path];
  const logIn = organization === undefined ? "/" : `/o/${organization}`;
  const toLogIn = () => navigate(logIn);
  // A link into the console is still where it led when the log-in is done.
  const enter = () => {
    if (organization !== undefined) navigate("/", { replace: true });
    onLoggedIn();
  };
  if (limitedTo === "password")
    return (
      <Door title={text.session.mustChangeTitle}>
        <MustChangePassword onDone={onLoggedIn} />
      </Door>
    );
  if (limitedTo === "second-factor")
    return (
      <Door title={text.session.mustEnrolTitle}>
        <MustEnrol onDone={onLoggedIn} />
      </Door>
    );
  const place = organization === undefined ? {} : { organization };
  switch (rest) {
    case "/activate":
      return (
        <Door title={text.session.activateTitle} {...place}>
          <LinkPasswordForm route="activate" onLogIn={toLogIn} />
        </Door>
      );
    case "/reset-password":
      return (
        <Door title={text.session.resetTitle} {...place}>
          <LinkPasswordForm route="resetPassword" onLogIn={toLogIn} />
        </Door>
      );
    case "/forgot-password":
      return (
        <Door title={text.session.forgotTitle} {...place}>
          <ForgotPasswordForm {...place} onLogIn={toLogIn} />
        </Door>
      );
    default:
      return (
        <Door title={text.session.logIn} {...place}>
          <LogInForm {...place} forgotHref={`${logIn === "/" ? "" : logIn}/forgot-password`} onLoggedIn={enter} />
        </Door>
      );
  }
}

function Door({
  title,
  organization,
  children,
}: {
  readonly title: string;
  readonly organization?: string;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · ${text.common.product}`;
  }, [title]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder p="xl" w="100%" maw={440}>
        <Stack gap="lg">
          <Group gap="sm">
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
        </Stack>
      </Paper>
    </Center>
  );
}
