import type { RunState } from "#client/run-state.ts";
import { store } from "../state/state.ts";
import { words } from "../words/en.ts";

/** A run that took less is not worth a notification. */
const longMs = 8000;

/** Says by a notification that a long run has ended, where that is wanted and nobody looks at the page. */
export function notify(name: string, run: RunState, tookMs: number): void {
  const { notifies } = store.get().preferences;
  if (!notifies || !document.hidden || tookMs < longMs || typeof Notification === "undefined") return;
  if (Notification.permission !== "granted") return;
  const notification = new Notification(name, { body: words.notification(run), tag: run.id });
  notification.addEventListener("click", () => globalThis.focus());
}

/** Asks the browser for permission. @returns whether notifications may be shown; a frame never may */
export async function askToNotify(): Promise<boolean> {
  if (typeof Notification === "undefined") return false;
  return (await Notification.requestPermission()) === "granted";
}
