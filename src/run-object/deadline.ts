/**
 * Waits for an answer, but not for ever: the alarm has deadlines to keep. What is given up may still arrive, so only
 * what is safe to repeat is waited for like this.
 *
 * The timer ends with the work, which `AbortSignal.timeout` does not: one that is pending keeps the object from
 * hibernating (workerd 1.20261102: an eviction waits for it).
 *
 * @throws what the work throws, or that `who` does not answer
 */
export async function withDeadline<T>(who: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${who} does not answer`)), timeoutMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}

const timeoutMs = 10_000;
