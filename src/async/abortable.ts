/** Waits for work, which goes on when the caller leaves. @returns what `left` gives when the signal aborts first */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined, left: () => T): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) return left();
  const settled = new AbortController();
  const gone = new Promise<T>((resolve) => {
    signal.addEventListener("abort", () => resolve(left()), { signal: settled.signal });
  });
  return Promise.race([work, gone]).finally(() => settled.abort());
}
