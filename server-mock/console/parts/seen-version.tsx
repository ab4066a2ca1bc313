/** Edits of what others may edit too: they name the version that was seen; who was slower is shown what is different now, and keeps what was typed. */
import { List, Text } from "@mantine/core";
import { useState } from "react";
import { asApiError } from "../api/api-error.ts";
import { text } from "../messages/messages.ts";

export interface SeenVersion<Shown> {
  /** For `ifMatch`. */
  readonly version: number;
  /** As it was before somebody else's change; undefined: nobody's. */
  readonly before: Shown | undefined;
  /** Sends an edit, which answers what is there then; notices a conflict. */
  guard(send: (version: number) => Promise<Shown>): Promise<Shown>;
}

/** `current`: as it was read last. */
export function useSeenVersion<Shown extends { readonly version: number }>(current: Shown): SeenVersion<Shown> {
  const [seen, setSeen] = useState(current);
  const [before, setBefore] = useState<Shown>();
  // Once the difference was told, saving again means: over what is there now.
  const version = before === undefined ? seen.version : current.version;
  return {
    version,
    before,
    async guard(send) {
      try {
        const done = await send(version);
        setSeen(done);
        setBefore(undefined);
        return done;
      } catch (error) {
        if (asApiError(error).status === 412) setBefore(seen);
        throw error;
      }
    },
  };
}

export interface TheirsProps<Shown> {
  readonly seen: SeenVersion<Shown>;
  readonly current: Shown;
  /** What each field is called, and its value for people. */
  readonly fields: readonly (readonly [name: string, shown: (of: Shown) => string])[];
}

/** What somebody else has changed, field by field; nothing when nobody did. */
export function Theirs<Shown>({ seen: { before }, current, fields }: TheirsProps<Shown>) {
  if (before === undefined) return null;
  const changed = fields.filter(([, shown]) => shown(before) !== shown(current));
  if (changed.length === 0) return null;
  return (
    <div role="status">
      <List size="sm">
        {changed.map(([name, shown]) => (
          <List.Item key={name}>
            <Text span inherit>
              <bdi>{text.common.theirs(name, shown(current))}</bdi>
            </Text>
          </List.Item>
        ))}
      </List>
    </div>
  );
}
