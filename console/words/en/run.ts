import type { RunState } from "#client/run-state.ts";

const rows = (count: number) => `${count.toLocaleString("en-US")} ${count === 1 ? "row" : "rows"}`;

/** Running a query, and what is said while it runs. */
export const runWords = {
  rows,
  run: "Run",
  runSelection: "Run selection",
  runMore: "More ways to run",
  runInto: "Run into a Data Extension …",
  runCounted: "Run and count all rows",
  stop: "Stop",
  stopping: "Stopping …",
  format: "Format",
  whatRuns: "What Marketing Cloud runs …",
  openActivity: "Open a Query Activity …",
  snippets: "Snippets …",
  discard: "Discard these rows",
  more: "More",
  parameters: "Parameters",
  parameterType: (name: string) => `Type of @${name}`,
  parameterValue: (name: string) => `Value of @${name}`,
  parameterTypes: { text: "Text", number: "Number", decimal: "Decimal", date: "Date", boolean: "Yes or no" },
  emptyIsNull: "NULL",
  stopFailed: (detail: string) => `Cannot stop the run: ${detail}`,
  nothingToRun: "There is nothing to run: type a SELECT first.",
  notification: ({ status, rowCount, error }: RunState) => {
    if (status === "ready") return rowCount === undefined ? "Its rows are here." : `Done, ${rows(rowCount)}.`;
    return error?.title ?? "It was stopped.";
  },
  /** In the tab of the browser. */
  titleRunning: (name: string) => `▶ ${name}`,
  titleDone: (name: string) => `✔ ${name}`,
  titleFailed: (name: string) => `✘ ${name}`,
};
