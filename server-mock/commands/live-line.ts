/** One line on a terminal that says how far a command is; nothing where nobody looks. */

const EVERY_MS = 200;

export interface LiveLine {
  show(text: string): void;
  clear(): void;
}

export function liveLine(isWanted: boolean): LiveLine {
  const stream = process.stderr;
  if (!isWanted || !stream.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(text) {
      if (performance.now() - shownAt < EVERY_MS) return;
      shownAt = performance.now();
      stream.write(`\r\x1b[K${text}`);
    },
    clear: () => void stream.write("\r\x1b[K"),
  };
}
