import { focusEditor } from "../editor/current-editor.ts";
import { stopRun } from "../run/end.ts";
import { runTab } from "../run/run-tab.ts";
import { change, openSheet, store } from "../state/state.ts";
import { activate, closeTab, openTab } from "../state/tabs.ts";

/** Listens to the keys that work anywhere. No Ctrl+Alt+letter: many keyboards type a character by it. */
export function watchKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && act(event)) event.preventDefault();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}

function act(event: KeyboardEvent): boolean {
  const { key, shiftKey, altKey } = event;
  const isCtrl = event.ctrlKey || event.metaKey;
  const { session, sheet, activeId, tabs, isSchemaOpen } = store.get();
  if (session.kind !== "in") return false;
  if (isCtrl && key.toLowerCase() === "k") openSheet({ kind: "palette" });
  else if (sheet !== undefined) return false;
  else if (isCtrl && key === "Enter") {
    if (shiftKey) openSheet({ kind: "target" });
    else runTab();
  } else if (shiftKey && key === "Escape") void stopRun(activeId);
  else if (isCtrl && key.toLowerCase() === "b") change({ isSchemaOpen: !isSchemaOpen });
  else if (key === "F6") goToPane(shiftKey ? -1 : 1);
  else if (altKey && !isCtrl && /^[1-9]$/.test(key)) {
    const tab = tabs[Number(key) - 1];
    if (tab === undefined) return false;
    activate(tab.id);
  } else if (altKey && !isCtrl && key.toLowerCase() === "n") {
    openTab();
    focusEditor();
  } else if (altKey && !isCtrl && key.toLowerCase() === "w") closeTab(activeId);
  else if (key === "?" && !isTyping(event)) openSheet({ kind: "shortcuts" });
  else return false;
  return true;
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const panes = ["schema", "query", "result"] as const;

/** Moves the focus to the next pane that is there. */
function goToPane(by: 1 | -1): void {
  const here = document.activeElement?.closest<HTMLElement>("[data-pane]")?.dataset["pane"];
  const from = panes.findIndex((pane) => pane === here);
  for (let step = 1; step <= panes.length; step += 1) {
    const pane = panes[(from + by * step + panes.length * 2) % panes.length];
    if (pane === "query") return focusEditor();
    const inside = (selector: string) => document.querySelector<HTMLElement>(`[data-pane="${pane}"] :is(${selector})`);
    // Rows and the tree are what one goes there for, though fields and buttons stand before them.
    const element = inside("[data-grid]") ?? inside("input,button:enabled");
    if (element !== null) return element.focus();
  }
}
