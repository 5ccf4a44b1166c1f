import { setDiagnostics, type Action, type Diagnostic as Shown } from "@codemirror/lint";
import type { EditorView } from "@codemirror/view";
import type { Diagnostic } from "#client/check-types.ts";
import type { Job } from "../../state/job.ts";
import { say, store } from "../../state/state.ts";
import type { Findings } from "../../state/tab.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import { sentence } from "../../words/sentence.ts";
import { editor } from "../current-editor.ts";
import { changesOf, offsetAt } from "./edits.ts";
import { remembered, unanswered } from "./unanswered.ts";

type Told = { id?: string; findings?: Findings | undefined; failure?: Job["failure"] | undefined };
let shown: Told = {};

/** Puts the remarks on the tab's text into the editor whenever they change. */
export function watchRemarks(): void {
  store.subscribe(() => {
    const { id, findings, job } = activeTab(store.get());
    const failure = job?.failure;
    if (findings === shown.findings && failure === shown.failure && id === shown.id) return;
    const view = editor();
    if (view === undefined) return;
    shown = { id, findings, failure };
    const sql = view.state.doc.toString();
    // Remarks on an older text have other places; newer ones are on their way.
    if (findings !== undefined && findings.sql !== sql) return;
    // The store is told of the editor's own changes while it makes them.
    queueMicrotask(() => {
      if (editor()?.state.doc.toString() === sql) show(view, sql, shown);
    });
  });
}

function show(view: EditorView, sql: string, { findings, failure }: Told): void {
  const remarks = [...(findings?.diagnostics ?? []), ...(failure?.sql === sql ? [failure.remark] : [])];
  const now = remarks.map((it) => {
    const remark = shownRemark(sql, it);
    return it.mce === undefined || it.severity === "info" ? remark : remembered(remark, sql);
  });
  const all = [...now, ...unanswered(view.state, findings, now)];
  view.dispatch(setDiagnostics(view.state, all));
}

function shownRemark(sql: string, diagnostic: Diagnostic): Shown {
  const { code, severity = "error", message, fix, mce, line, column, endLine, endColumn } = diagnostic;
  const at = offsetAt(sql);
  const from = at(line, column);
  const to = Math.max(at(endLine, endColumn), Math.min(from + 1, sql.length));
  const hasAction = diagnostic.edits !== undefined;
  const more = [hasAction ? undefined : fix, mce].filter((text) => text !== undefined);
  return {
    from,
    to,
    severity,
    source: code,
    message: [sentence(message), ...more].join("\n"),
    ...(hasAction && { actions: [actionOf(sql, diagnostic)] }),
  };
}

function actionOf(sql: string, { fix, edits = [] }: Diagnostic): Action {
  const name = (fix ?? words.result.fix).replace(/\?$/, "");
  return {
    name,
    apply(view) {
      if (view.state.doc.toString() !== sql) return;
      view.dispatch({ changes: changesOf(sql, edits), userEvent: "input.fix" });
      say(words.editor.fixed(name));
    },
  };
}
