/** A link to a file of the API. Who acts as a user gets the user's: a browser would send the admin's own log-in along. */
import { Anchor } from "@mantine/core";
import type { MouseEvent, ReactNode } from "react";
import { fileOf } from "../api/client.ts";
import { actingToken } from "../session/acting.ts";
import { notifyError } from "./notify.tsx";

export interface FileLinkProps {
  /** Made by `urlOf`. */
  readonly href: string;
  /** As which it is saved while somebody acts as a user; else the service says. */
  readonly name: string;
  readonly children: ReactNode;
}

export function FileLink({ href, name, children }: FileLinkProps) {
  const onClick = (event: MouseEvent) => {
    if (actingToken() === undefined) return;
    event.preventDefault();
    fileOf(href).then((file) => save(file, name), notifyError);
  };
  return (
    <Anchor href={href} download onClick={onClick}>
      {children}
    </Anchor>
  );
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
