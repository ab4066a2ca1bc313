/**
 * Idempotency keys: the same request of the same account is done once within a day, and answered as it was. A request that failed did nothing
 * and may be tried again under its key; one whose process died is never done twice, because nobody can know that it wasn't done.
 */
import { HoldfastError } from "../../protocol/errors.ts";
import type { RememberedCallRow } from "../records/remembered-call-rows.ts";
import type { Domain } from "./domain.ts";

export const REMEMBER_MS = 24 * 3600 * 1000;
/** No call of the console takes longer. */
const WORK_MS = 2 * 60 * 1000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Throws `request/in-progress`, `idempotency/other-request`, `idempotency/outcome-unknown`, and what `work` throws. */
export async function onceADay(
  domain: Domain,
  request: { readonly account: string; readonly key: string; readonly digest: Uint8Array },
  work: () => Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly isRepeat: boolean }> {
  const { account, key } = request;
  const { rememberedCalls } = domain.records;
  const earlier = await begin(domain, request);
  if (earlier !== undefined) return { answer: repeat(domain, earlier, request.digest), isRepeat: true };
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await rememberedCalls.remove(account, key);
    throw error;
  }
  const sealed = domain.keys.secrets.seal(Buffer.from(JSON.stringify(answer.body)), context(request));
  await rememberedCalls.finish(account, key, { status: answer.status, answer: sealed });
  return { answer, isRepeat: false };
}

/** The earlier call of that name; undefined: there is none, and now this one is. */
const begin = (
  { records, clock }: Domain,
  { account, key, digest }: { account: string; key: string; digest: Uint8Array },
): Promise<RememberedCallRow | undefined> =>
  records.transaction(async ({ rememberedCalls }) => {
    const now = clock.now();
    const earlier = await rememberedCalls.find(account, key);
    if (earlier !== undefined && earlier.startedAt > now - REMEMBER_MS) return earlier;
    if (earlier !== undefined) await rememberedCalls.remove(account, key);
    const row = { account, key, digest, startedAt: now, status: null, answer: null };
    if (!(await rememberedCalls.insert(row))) throw new HoldfastError("request/in-progress");
    return undefined;
  });

function repeat({ keys, clock }: Domain, earlier: RememberedCallRow, digest: Uint8Array): Answer {
  if (!Buffer.from(earlier.digest).equals(digest)) throw new HoldfastError("idempotency/other-request");
  if (earlier.status === null || earlier.answer === null)
    throw new HoldfastError(
      earlier.startedAt > clock.now() - WORK_MS ? "request/in-progress" : "idempotency/outcome-unknown",
    );
  const opened = keys.secrets.open(earlier.answer, context(earlier));
  // Sealed under a key that the service doesn't have any more.
  if (opened === undefined) throw new HoldfastError("idempotency/outcome-unknown");
  return { status: earlier.status, body: JSON.parse(opened.toString()) };
}

const context = ({ account, key }: { account: string; key: string }): string => `remembered-call/${account}/${key}`;

export const forgetCalls = ({ records, clock }: Domain): Promise<void> =>
  records.rememberedCalls.removeBefore(clock.now() - REMEMBER_MS);
