import type { RunState } from "#client/run-state.ts";
import { visible } from "./format/visible.ts";
import type { Paint } from "./style.ts";
import type { Output } from "./terminal.ts";

/** Tells a person what is going on: one rewritten line on a terminal, a line for each change elsewhere. */
export type StatusLine = {
  show(text: string): void;
  /** Removes the line of a terminal. */
  clear(): void;
};

const tickMs = 200;

/** Opens the status line of a command. @param isQuiet says nothing at all */
export function openStatusLine(output: Output, paint: Paint, isQuiet: boolean): StatusLine {
  const startedAt = Date.now();
  let shown: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  if (isQuiet) return { show: () => undefined, clear: () => undefined };
  const elapsed = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`.padStart(8);
  const rewrite = () => {
    // A longer line would wrap, and only its last row could be rewritten.
    const words = (shown ?? "").slice(0, Math.max(20, (output.columns ?? 80) - 12));
    output.write(`\r\u001b[2K${paint("dim", elapsed())}  ${words}`);
  };
  return {
    show(text) {
      const line = visible(text);
      if (line === shown) return;
      shown = line;
      if (!output.isTTY) return void output.write(`${elapsed()}  ${line}\n`);
      rewrite();
      timer ??= setInterval(rewrite, tickMs).unref();
      return undefined;
    },
    clear() {
      clearInterval(timer);
      timer = undefined;
      if (output.isTTY && shown !== undefined) output.write("\r\u001b[2K");
      shown = undefined;
    },
  };
}

/** A run's status in a few words. */
export function statusOf({ status, phase, queuePosition, rowCount }: RunState): string {
  if (status === "queued") return queuePosition === undefined ? "queued" : `queued · ${queuePosition} in line`;
  if (status === "running") return phase === undefined ? "running" : `running · ${phase}`;
  if (status === "ready" && rowCount !== undefined) return `ready · ${rowCount} ${rowCount === 1 ? "row" : "rows"}`;
  return status;
}
