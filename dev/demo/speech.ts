import { styleText } from "node:util";
import type { RunState } from "#client/run-state.ts";

/** Receives one line of the demo's output. */
export type Listener = (line: string) => void;

/** The title of a section. */
export function heading(text: string): string {
  return styleText("bold", text);
}

/** Less important text. */
export function faint(text: string): string {
  return styleText("dim", text);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

export function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

const colors = { queued: "cyan", running: "cyan", ready: "green", failed: "red", canceled: "yellow" } as const;

/** A line for one status of a run: time, status, and what is new. */
export function statusLine(run: RunState, ms: number, before: RunState | undefined): string {
  const hasNewColumns = run.columns !== undefined && before?.columns === undefined;
  const columns = hasNewColumns ? ` · ${run.columns?.map(({ name, type }) => `${name} ${type}`).join(", ")}` : "";
  const status = styleText(colors[run.status], run.status.padEnd(8));
  return `${faint(seconds(ms).padStart(9))}  ${status} ${describe(run)}${faint(columns)}`.trimEnd();
}

function describe(run: RunState): string {
  switch (run.status) {
    case "queued":
      return "";
    case "running":
      return run.phase ?? "";
    case "ready":
      return run.rowCount === undefined ? "" : `${run.rowCount} rows`;
    case "failed":
      return reason(run);
    case "canceled":
      return run.notes?.at(-1) ?? "";
  }
}

/** Why a run failed, in one line. */
export function reason({ error }: RunState): string {
  if (error === undefined) return "";
  return [error.title, error.detail, error.mce].filter((word) => word !== undefined).join("; ");
}
