import { snippet } from "@codemirror/autocomplete";
import { inEditor } from "./current-editor.ts";

/** Writes a pattern where the cursor is; Tab goes through its stops. */
export function insertPattern(text: string): void {
  inEditor((view) => {
    const { from, to } = view.state.selection.main;
    snippet(text)(view, null, from, to);
    view.focus();
  });
}
