import { simplifySelection } from "@codemirror/commands";
import type { Command, KeyBinding } from "@codemirror/view";
import { openSheet } from "../state/state.ts";
import { runTab } from "../run/run-tab.ts";
import { formatText } from "./format.ts";
import { showDocs } from "./docs/hover.ts";

const does =
  (action: () => unknown): Command =>
  () => {
    action();
    return true;
  };

/** The keys of the editor that are not an editor's own. */
export const editorKeys: readonly KeyBinding[] = [
  { key: "Mod-Enter", run: does(() => runTab()) },
  { key: "Mod-Shift-Enter", run: does(() => openSheet({ kind: "target" })) },
  { key: "Shift-Alt-f", run: does(() => formatText()) },
  { key: "F1", run: showDocs },
  { key: "Escape", run: simplifySelection },
];
