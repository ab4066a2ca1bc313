import type { ReactNode } from "react";

/** A panel's values: what each is called, and what it is. */
export function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: ReactNode] | undefined)[] }) {
  return (
    <dl className="facts">
      {rows.flatMap((row) =>
        row === undefined ? [] : [<dt key={`${row[0]} name`}>{row[0]}</dt>, <dd key={row[0]}>{row[1]}</dd>],
      )}
    </dl>
  );
}
