import { forEachDiagnostic, type Diagnostic as Shown } from "@codemirror/lint";
import type { EditorState } from "@codemirror/state";
import type { Findings } from "../../state/tab.ts";
import { words } from "../../words/en.ts";

/** Remarks that only Marketing Cloud could make, with the text that they are about. */
const ofMarketingCloud = new WeakMap<Shown, { text: string; message: string }>();

/** Remembers that Marketing Cloud has made a remark. */
export function remembered(remark: Shown, sql: string): Shown {
  ofMarketingCloud.set(remark, { text: sql.slice(remark.from, remark.to), message: remark.message });
  return remark;
}

/**
 * What Marketing Cloud said of an older text, at places that nobody has changed, while it has not answered for this one: gray,
 * because nothing is known of it now.
 */
export function unanswered(state: EditorState, findings: Findings | undefined, now: readonly Shown[]): Shown[] {
  const isAnswered = findings?.by === "marketing-cloud" && findings.unchecked === undefined;
  if (findings === undefined || isAnswered) return [];
  const found: Shown[] = [];
  forEachDiagnostic(state, (remark, from, to) => {
    const known = ofMarketingCloud.get(remark);
    if (known === undefined || state.sliceDoc(from, to) !== known.text) return;
    if (now.some((other) => other.from < to && from < other.to)) return;
    const { source = "" } = remark;
    const message = `${known.message}\n${words.editor.ofOlderText}`;
    const gray: Shown = { from, to, source, message, severity: "info", markClass: "cm-unanswered" };
    ofMarketingCloud.set(gray, known);
    found.push(gray);
  });
  return found;
}
