/** What keys do in a listing. */

export type Move = { readonly kind: "to"; readonly row: number } | { readonly kind: "open" | "up" | "select" | "end" };

export interface KeyState {
  readonly row: number;
  readonly rows: number;
  /** Rows that are seen at a time. */
  readonly seen: number;
}

/** undefined: the key means nothing here. */
export function moveOf(key: string, { row, rows, seen }: KeyState): Move | undefined {
  const to = (wanted: number): Move => ({ kind: "to", row: Math.max(0, Math.min(rows - 1, wanted)) });
  switch (key) {
    case "ArrowDown":
      return to(row + 1);
    case "ArrowUp":
      return to(row - 1);
    case "PageDown":
      return to(row + seen);
    case "PageUp":
      return to(row - seen);
    case "Home":
      return to(0);
    case "End":
      return { kind: "end" };
    case "Enter":
      return { kind: "open" };
    case "Backspace":
      return { kind: "up" };
    case " ":
      return { kind: "select" };
    default:
      return undefined;
  }
}

/** Typed letters further apart begin a new word. */
const PAUSE_MS = 900;

export interface Typed {
  readonly text: string;
  readonly atMs: number;
}

export const typedNow = (before: Typed, letter: string, atMs: number): Typed => ({
  text: atMs - before.atMs < PAUSE_MS ? before.text + letter : letter,
  atMs,
});

/** The next row whose name begins with what was typed; one letter alone goes on from row to row. */
export function rowTyped(names: readonly { readonly name: string }[], from: number, text: string): number | undefined {
  const sought = text.toLocaleLowerCase();
  const first = text.length === 1 ? from + 1 : from;
  for (let step = 0; step < names.length; step++) {
    const row = (first + step) % names.length;
    if (names[row]?.name.toLocaleLowerCase().startsWith(sought)) return row;
  }
  return undefined;
}
