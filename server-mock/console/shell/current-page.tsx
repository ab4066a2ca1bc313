/** The page of this address, loaded when it is first wanted. A page that fails takes nothing else with it. */
import { Component, lazy, type ReactNode, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";
import { text } from "../messages/messages.ts";
import { MissingPage } from "../pages/missing-page.tsx";
import type { PageRow } from "../pages/page-row.ts";
import { PAGES } from "../pages/pages.ts";
import { ErrorBox } from "../parts/error-box.tsx";
import { PageSkeleton } from "../parts/page-skeleton.tsx";
import { type Session, useSession } from "../session/session.tsx";

const LOADED = PAGES.map((row) => ({ ...row, Page: lazy(async () => ({ default: await row.load() })) }));

export function CurrentPage() {
  const session = useSession();
  const [path] = useLocation();
  return (
    <PageBoundary key={path}>
      <Suspense fallback={<PageSkeleton />}>
        <Switch>
          {LOADED.filter((row) => isFor(row, session)).map(({ path: of, Page }) => (
            <Route key={of} path={of}>
              {(params) => <Page params={paramsOf(params)} />}
            </Route>
          ))}
          <Route>
            <MissingPage />
          </Route>
        </Switch>
      </Suspense>
    </PageBoundary>
  );
}

const isFor = ({ needs, who = "all" }: PageRow, { isUser, can }: Session): boolean =>
  who === "user"
    ? isUser
    : who === "admin"
      ? !isUser && (needs === undefined || can(needs))
      : needs === undefined || isUser || can(needs);

const paramsOf = (params: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(params).flatMap(([key, value]) => (value === undefined ? [] : [[key, decoded(value)]])),
  );

/** As it is, when it is no encoding. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return <ErrorBox error={new Error(text.shell.pageFailed)} onRetry={() => location.reload()} />;
  }
}
