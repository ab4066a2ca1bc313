/** Makes mails, webhooks and alerts of what happened, each event once: what is made of it and that it is handled are one transaction. */
import { setImmediate as pause } from "node:timers/promises";
import { asHoldfastError } from "../../../protocol/errors.ts";
import type { EventRow } from "../../records/notice-rows.ts";
import type { Domain } from "../domain.ts";
import { queueDeliveries } from "../webhooks/deliver.ts";
import { notify } from "./notify.ts";

const BATCH = 100;

/** One turn of the job. */
export async function handleEvents(domain: Domain, signal?: AbortSignal): Promise<void> {
  let failure: unknown;
  for (;;) {
    const waiting = await domain.records.events.listWaiting(BATCH);
    for (const event of waiting) {
      if (signal?.aborted) return;
      failure = (await handleOne(domain, event)) ?? failure;
      await pause(); // Calls have their turn between.
    }
    if (waiting.length < BATCH) break;
  }
  if (failure !== undefined) throw failure;
}

/** An event that can't be handled must not stand in the way of the others: it is told to the log, once. */
async function handleOne(domain: Domain, event: EventRow): Promise<unknown> {
  const { records, clock } = domain;
  try {
    await records.transaction(async (stores) => {
      if (!(await stores.events.setHandled(event.id, clock.now()))) return;
      await notify(domain, stores, event);
      await queueDeliveries(domain, stores, event);
    });
    return undefined;
  } catch (error) {
    if (asHoldfastError(error).kind === "unavailable") throw error; // It is tried again.
    await records.events.setHandled(event.id, clock.now());
    return error;
  }
}
