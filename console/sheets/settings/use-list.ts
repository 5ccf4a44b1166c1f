import { useCallback, useEffect, useRef, useState } from "react";
import { SqeError } from "#client/sqe-error.ts";

/** What was read, and a way to read it again; what is shown stays until the answer is there. */
export type Listed<T> = { value?: T; refusal?: string; reload: () => Promise<void> };

/** Reads something when a panel opens, and again when somebody has changed it. */
export function useList<T>(read: () => Promise<T>): Listed<T> {
  const [state, setState] = useState<{ value?: T; refusal?: string }>({});
  const reading = useRef(read);
  const reload = useCallback(async () => {
    const refusal = await refusalOf(async () => {
      const value = await reading.current();
      setState({ value });
    });
    if (refusal !== undefined) setState((before) => ({ ...before, refusal: refusal.detail }));
  }, []);
  useEffect(() => void reload(), [reload]);
  return { ...state, reload };
}

/** Does something. @returns why it was refused; undefined when it is done */
export async function refusalOf(act: () => Promise<unknown>): Promise<SqeError | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (!(error instanceof SqeError)) throw error;
    return error;
  }
}
