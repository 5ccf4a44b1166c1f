/** What happens to a column's values in a field: they may be cut, or the run may fail; `what` describes which and when. */
export type Effect = { verdict: "may-cut" | "may-fail"; what: string };
