import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { change, store } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";

let view: EditorView | undefined;

/** The page's one editor, where there is one; for what works on its text. */
export function editor(): EditorView | undefined {
  return view;
}

/** Says which editor there is. */
export function setEditor(next: EditorView | undefined): void {
  view = next;
}

/** What a query begins with, behind comments and parentheses; the word alone is what F8 may have selected. */
const beginsQuery = /^(?:[\s(]|--[^\r\n]*|\/\*[^]*?\*\/)*(?:SELECT|WITH)\s+\S/i;

/** The part of the text that is selected, if it may be a query: a word that is selected by chance is not run. */
export function selectedIn(state: EditorState): { from: number; to: number } | undefined {
  const { from, to } = state.selection.main;
  return beginsQuery.test(state.sliceDoc(from, to)) ? { from, to } : undefined;
}

/** What to run: the selection, or the whole text; and where it begins, from 0. */
export function textToRun(): { sql: string; line: number; column: number; isSelection: boolean } {
  if (view === undefined) return { sql: activeTab(store.get()).sql, line: 0, column: 0, isSelection: false };
  const { state } = view;
  const selected = selectedIn(state);
  if (selected === undefined) return { sql: state.doc.toString(), line: 0, column: 0, isSelection: false };
  const line = state.doc.lineAt(selected.from);
  return {
    sql: state.sliceDoc(selected.from, selected.to),
    line: line.number - 1,
    column: selected.from - line.from,
    isSelection: true,
  };
}

/** What may be saved as a snippet: what is selected, or the whole text. */
export function textForSnippet(): string {
  if (view === undefined) return activeTab(store.get()).sql;
  const { selection, doc } = view.state;
  return selection.main.empty ? doc.toString() : view.state.sliceDoc(selection.main.from, selection.main.to);
}

/** Does something in the editor; a narrow screen that shows the result shows the query first. */
export function inEditor(does: (view: EditorView) => void): void {
  if (view !== undefined) return does(view);
  change({ pane: "query" });
  setTimeout(() => view && does(view));
  return undefined;
}

/** Puts the focus into the editor. */
export function focusEditor(): void {
  view?.focus();
}

/** Writes a text where the cursor is, in place of what is selected. */
export function insertText(text: string): void {
  if (view === undefined) return;
  view.dispatch(view.state.replaceSelection(text), { scrollIntoView: true });
  view.focus();
}

/** Replaces the whole text of the tab in front; one step back undoes it. */
export function replaceText(text: string): void {
  if (view === undefined) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  view.focus();
}

/** Puts the cursor at a line and column, both from 1, and shows it. */
export function goTo(line: number, column: number): void {
  inEditor((shown) => {
    const { doc } = shown.state;
    const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
    const anchor = Math.min(at.from + column - 1, at.to);
    shown.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    shown.focus();
  });
}
