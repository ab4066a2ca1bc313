import { lazy, Suspense, useSyncExternalStore } from "react";

const load = () => import("./toast-place.tsx");
const Place = lazy(async () => ({ default: (await load()).ToastPlace }));

let isWanted = false;
let tell: () => void = () => undefined;

/** Once, around everything. Nothing of it is loaded before there is something to say. */
export function Toasts() {
  const isShown = useSyncExternalStore(subscribe, () => isWanted);
  return (
    isShown && (
      <Suspense>
        <Place />
      </Suspense>
    )
  );
}

/** The queue of short words; what comes before their place is there waits for it. */
export async function toasts() {
  const { notifications } = await load();
  isWanted = true;
  tell();
  return notifications;
}

function subscribe(onChange: () => void): () => void {
  tell = onChange;
  return () => {
    tell = () => undefined;
  };
}
