import { loadPart } from "../state/load-part.ts";
import { say } from "../state/state.ts";
import { words } from "../words/en.ts";
import { editor } from "./current-editor.ts";

/** Formats the selection, or the whole text. The formatter is loaded when it is first used. */
export async function formatText(): Promise<void> {
  const view = editor();
  if (view === undefined) return;
  const { formatDialect, transactsql } = await loadPart(() => import("sql-formatter"));
  const { main } = view.state.selection;
  const { from, to } = main.empty ? { from: 0, to: view.state.doc.length } : main;
  const text = view.state.sliceDoc(from, to);
  let formatted: string;
  try {
    formatted = formatDialect(text, {
      dialect: transactsql,
      tabWidth: 2,
      keywordCase: "upper",
      functionCase: "upper",
      expressionWidth: 80,
    });
  } catch {
    // It stops at the first place it does not understand.
    say(words.editor.cannotFormat);
    return;
  }
  if (formatted !== text) view.dispatch({ changes: { from, to, insert: formatted }, userEvent: "input.format" });
  say(words.editor.formatted);
}
