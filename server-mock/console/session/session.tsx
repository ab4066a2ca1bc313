/** Who is logged in, and what they may: known to every page below. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, Fragment, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Redirect, useLocation } from "wouter";
import type { Capability } from "../../../protocol/capabilities.ts";
import type { OwnAccount } from "../../../protocol/messages/accounts.ts";
import { call, onLoggedOut } from "../api/client.ts";
import { useRead } from "../api/hooks.ts";
import { ErrorPage } from "../parts/error-box.tsx";
import { PageSkeleton } from "../parts/page-skeleton.tsx";
import { endActing } from "./acting.ts";
import { doorOf, insideOf, isLink } from "./doors.ts";
import { forgetKept, keepFor } from "./kept.ts";
import { LogInPages } from "./log-in-pages.tsx";

export interface Session {
  readonly account: OwnAccount["account"];
  /** The admin who acts in the account's name. */
  readonly actor: string | null;
  readonly limitedTo: OwnAccount["limitedTo"];
  /** A person with machines of their own, who administers nothing. */
  readonly isUser: boolean;
  /** A top-level admin: sees all organizations. */
  readonly isOwner: boolean;
  can(capability: Capability): boolean;
  logOut(): Promise<void>;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("no page without a session");
  return session;
}

/** Shows the log-in until there is one. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [path] = useLocation();
  const { data, error, isPending, refetch } = useRead("getOwnAccount");
  useEffect(() => {
    onLoggedOut(() => {
      endActing();
      // Only who was here can have gone: whoever never was is at the log-in already.
      const wasHere = client.getQueriesData({ queryKey: ["getOwnAccount"] }).some(([, data]) => data !== undefined);
      if (wasHere) void client.resetQueries({ queryKey: ["getOwnAccount"] });
    });
  }, [client]);
  const session = useMemo(
    () => (data === undefined ? undefined : sessionOf(data, () => client.clear())),
    [data, client],
  );
  const person = data === undefined ? undefined : `${data.account.id} ${data.actor ?? ""}`;
  const [shown, setShown] = useState<string>();
  // Before any page of theirs is made: another tab may have logged somebody else in.
  if (data !== undefined && person !== shown) {
    begin(data, client);
    setShown(person);
  }
  // Asked again, the log-in stays as it is: somebody is typing there.
  const wasOut = useRef(false);
  if (!isPending) wasOut.current = error?.status === 401;
  if (isPending && !wasOut.current) return <PageSkeleton />;
  if (error !== null && error.status !== 401) return <ErrorPage error={error} onRetry={() => void refetch()} />;
  if (error !== null || session === undefined || session.limitedTo !== null || isLink(doorOf(path)))
    return (
      <LogInPages
        limitedTo={error === null && !isLink(doorOf(path)) ? (session?.limitedTo ?? null) : null}
        isLoggedIn={session !== undefined}
        onChanged={() => void client.resetQueries()}
      />
    );
  const inside = insideOf(path);
  if (inside !== undefined) return <Redirect to={`${inside}${location.search}`} replace />;
  return (
    <SessionContext value={session}>
      <Fragment key={person}>{children}</Fragment>
    </SessionContext>
  );
}

/** What anybody else has seen or typed here is gone. */
function begin({ account, actor }: OwnAccount, client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "getOwnAccount" });
  if (actor === null) keepFor(account.id);
}

function sessionOf({ account, actor, limitedTo }: OwnAccount, forget: () => void): Session {
  const capabilities: ReadonlySet<string> = new Set(account.capabilities);
  return {
    account,
    actor,
    limitedTo,
    isUser: account.role === "user",
    isOwner: account.role === "owner",
    can: (capability) => capabilities.has(capability),
    async logOut() {
      await call("logout").catch(() => undefined); // An ended log-in needs no end.
      forgetKept();
      forget();
      location.assign("/");
    },
  };
}
