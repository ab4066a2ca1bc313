/** The same act on several machines, one call each: how far it is, and which were refused. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MachineItem } from "../../../../protocol/messages/lists.ts";
import { asApiError } from "../../api/api-error.ts";
import { call } from "../../api/client.ts";

export type SeveralAct =
  | { readonly kind: "suspend" | "resume" | "delete" | "undelete" }
  | { readonly kind: "move"; readonly user: string };

export interface Refused {
  readonly machine: MachineItem;
  readonly message: string;
}

export interface ActOnSeveral {
  /** undefined: nothing runs. */
  readonly progress: { readonly done: number; readonly of: number } | undefined;
  readonly refused: readonly Refused[];
  /** Answers which were changed. */
  run(machines: readonly MachineItem[], act: SeveralAct): Promise<readonly MachineItem[]>;
  forget(): void;
}

export function useActOnSeveral(): ActOnSeveral {
  const client = useQueryClient();
  const [progress, setProgress] = useState<ActOnSeveral["progress"]>();
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  return {
    progress,
    refused,
    forget: () => setRefused([]),
    async run(machines, act) {
      const changed: MachineItem[] = [];
      const failed: Refused[] = [];
      setRefused([]);
      for (const [done, machine] of machines.entries()) {
        setProgress({ done, of: machines.length });
        try {
          await actOn(machine, act);
          changed.push(machine);
        } catch (thrown) {
          const { message, hint } = asApiError(thrown);
          failed.push({ machine, message: `${message} ${hint}` });
        }
      }
      setProgress(undefined);
      setRefused(failed);
      await client.invalidateQueries();
      return changed;
    },
  };
}

/** Of one that somebody else has changed meanwhile nothing is changed. */
async function actOn({ id, version }: MachineItem, act: SeveralAct): Promise<unknown> {
  const asSeen = { params: { machine: id }, ifMatch: version };
  if (act.kind === "delete") return await call("deleteMachine", asSeen);
  // Brought back right after a deletion: the row that was seen is older.
  if (act.kind === "undelete") return await call("undeleteMachine", { params: { machine: id } });
  if (act.kind === "move") return await call("moveMachine", { ...asSeen, body: { user: act.user } });
  return await call("changeMachine", {
    ...asSeen,
    body: { state: act.kind === "suspend" ? "suspended" : "active" },
  });
}
