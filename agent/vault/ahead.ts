/**
 * Work on a stream of things with a few of them under way at once. Results come in the order of the source. At most `count` are under
 * way or waiting to be taken, so this is also the bound of what is held.
 */

export async function* ahead<Source, Result>(
  source: AsyncIterable<Source> | Iterable<Source>,
  count: number,
  work: (each: Source) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = iterate(source);
  const running: Promise<Result>[] = [];
  let pulling: Promise<IteratorResult<Source>> | undefined = quiet(iterator.next());
  try {
    for (;;) {
      const [first] = running;
      if (pulling && running.length < count) {
        // A finished result is not held back while the source has nothing new.
        const pulled: IteratorResult<Source> | undefined = await (first !== undefined
          ? Promise.race([pulling, settled(first)])
          : pulling);
        if (pulled) {
          if (!pulled.done) running.push(quiet(work(pulled.value)));
          pulling = pulled.done ? undefined : quiet(iterator.next());
          continue;
        }
      }
      if (!first) return;
      running.shift();
      yield await first;
    }
  } finally {
    await Promise.allSettled(running);
    await iterator.return?.();
  }
}

function iterate<Source>(source: AsyncIterable<Source> | Iterable<Source>): AsyncIterator<Source> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  const iterator = source[Symbol.iterator]();
  return {
    next: async () => iterator.next(),
    return: async () => iterator.return?.() ?? { done: true, value: undefined },
  };
}

/** Whoever takes it sees its failure; nobody may take it when an earlier one has failed. */
function quiet<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

const settled = (promise: Promise<unknown>): Promise<undefined> =>
  promise.then(
    () => undefined,
    () => undefined,
  );
