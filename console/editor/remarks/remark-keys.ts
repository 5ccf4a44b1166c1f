import { nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import type { EditorView, KeyBinding } from "@codemirror/view";
import type { Diagnostic } from "#client/check-types.ts";
import { say, store } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { allChanges, changesOf, offsetAt } from "./edits.ts";
import { editor } from "../current-editor.ts";

/** The keys that go from remark to remark and mend them. */
export const remarkKeys: readonly KeyBinding[] = [
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic },
  { key: "Mod-.", run: fixHere },
];

/** Makes the fix of the remark under the cursor, or else of the only one that has a fix on this line. */
function fixHere(view: EditorView): boolean {
  const sql = view.state.doc.toString();
  const { findings } = activeTab(store.get());
  const fixable = findings?.sql === sql ? findings.diagnostics.filter(({ edits }) => edits !== undefined) : [];
  const found = fixable.find((it) => isAround(sql, it, view.state.selection.main.head)) ?? onLine(view, fixable);
  if (found === undefined) {
    say(words.editor.noFix);
    return true;
  }
  view.dispatch({ changes: changesOf(sql, found.edits ?? []), userEvent: "input.fix" });
  say(words.editor.fixed(found.fix ?? found.message));
  return true;
}

function isAround(sql: string, { line, column, endLine, endColumn }: Diagnostic, offset: number): boolean {
  const at = offsetAt(sql);
  return at(line, column) <= offset && offset <= at(endLine, endColumn);
}

function onLine({ state }: EditorView, fixable: readonly Diagnostic[]): Diagnostic | undefined {
  const here = state.doc.lineAt(state.selection.main.head).number;
  const [one, other] = fixable.filter(({ line }) => line === here);
  return other === undefined ? one : undefined;
}

/** Makes one fix, or all that go together. */
export function makeFixes(diagnostics: readonly Diagnostic[]): void {
  const view = editor();
  if (view === undefined) return;
  view.dispatch({ changes: allChanges(view.state.doc.toString(), diagnostics), userEvent: "input.fix" });
  view.focus();
}
