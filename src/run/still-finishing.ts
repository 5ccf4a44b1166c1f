import type { Target } from "#protocol/target.ts";

/** A note on what a query may still do after its run has stopped waiting: MCE cannot abort it (R10). */
export function stillFinishing({ target }: { target?: Target }): string {
  const rows = target === undefined ? "its rows are discarded" : `its rows may still reach "${target.customerKey}"`;
  return `Marketing Cloud cannot abort a query: it may still be finishing this one; ${rows}`;
}
