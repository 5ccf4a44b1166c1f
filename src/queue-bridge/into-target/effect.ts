/** What becomes of a column's values in a field: values may lose something, or may end the run; `what` says which and when. */
export type Effect = { verdict: "may-cut" | "may-fail"; what: string };
