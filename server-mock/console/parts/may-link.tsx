/** A link for whoever may see what it leads to; the bare words for everybody else. */
import { Anchor } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Capability } from "../../../protocol/capabilities.ts";
import { useSession } from "../session/session.tsx";

export interface MayLinkProps {
  readonly needs: Capability;
  readonly href: string;
  readonly children: ReactNode;
}

export function MayLink({ needs, href, children }: MayLinkProps) {
  const { can, isUser } = useSession();
  if (!isUser && !can(needs)) return children;
  return (
    <Anchor component={Link} href={href} inherit>
      {children}
    </Anchor>
  );
}
