/** What every call takes: a signal that ends it, with the signal's reason. */
export type Cancelable = { signal?: AbortSignal };
