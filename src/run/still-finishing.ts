import type { Target } from "#protocol/target.ts";

/** What a query that its run no longer waits for may still do: MCE cannot abort it (R10). */
export function stillFinishing({ target }: { target?: Target }): string {
  const rows = target === undefined ? "its rows are discarded" : `its rows may still come into "${target.customerKey}"`;
  return `Marketing Cloud cannot abort a query: it may still be finishing this one; ${rows}`;
}
