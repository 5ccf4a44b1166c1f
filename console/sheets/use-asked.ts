import { useEffect, useState } from "react";
import { SqeError } from "#client/sqe-error.ts";

/** What a call answered, or why not; undefined while it is on its way. */
export type Asked<T> = { value?: T; refusal?: string } | undefined;

/** Asks the engine when `key` changes; an answer that is late for an older key is dropped. */
export function useAsked<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Asked<T> {
  const [answer, setAnswer] = useState<{ key: string; asked: Asked<T> }>();
  useEffect(() => {
    const leaving = new AbortController();
    ask(leaving.signal).then(
      (value) => !leaving.signal.aborted && setAnswer({ key, asked: { value } }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        if (!(error instanceof SqeError)) throw error;
        setAnswer({ key, asked: { refusal: error.detail } });
      },
    );
    return () => leaving.abort();
    // oxlint-disable-next-line react/exhaustive-deps -- the key says what is asked
  }, [key]);
  return answer?.key === key ? answer.asked : undefined;
}
