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
    return text === null ? undefined : parsed(text);
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

/** Listens to what other windows of this browser keep. */
export function heedKept(listen: (key: string, value: unknown) => void): () => void {
  const heed = ({ key, newValue }: StorageEvent) => {
    if (key?.startsWith("sqe.") === true && newValue !== null) listen(key.slice("sqe.".length), parsed(newValue));
  };
  addEventListener("storage", heed);
  return () => removeEventListener("storage", heed);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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
