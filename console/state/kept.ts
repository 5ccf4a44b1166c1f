/**
 * What this browser keeps. Inside a frame of another site the browser may forbid it: then nothing is kept, and everything else
 * goes on.
 */
export function keep(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(`sqe.${key}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Reads what was kept; undefined when there is nothing, or nothing that can be read. The caller looks at its shape. */
export function kept(key: string): unknown {
  try {
    const text = localStorage.getItem(`sqe.${key}`);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Forgets what was kept under a key. */
export function forget(key: string): void {
  try {
    localStorage.removeItem(`sqe.${key}`);
  } catch {
    // Nothing was kept.
  }
}

/** The keys that begin with a prefix. */
export function keysKept(prefix: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) =>
      key.startsWith(`sqe.${prefix}`) ? [key.slice("sqe.".length)] : [],
    );
  } catch {
    return [];
  }
}

/** Whether this browser lets the page keep anything. */
export function canKeep(): boolean {
  const isKept = keep("probe", 1);
  forget("probe");
  return isKept;
}
