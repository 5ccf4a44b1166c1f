import type { Phase } from "#protocol/run-status.ts";

/** How long a run has spent in the phases it has left, in milliseconds, and since when it is in its phase. */
export type Spent = { since: number } & { [phase in Phase]?: number };
