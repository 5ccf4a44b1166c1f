import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colors of the text. Custom properties reach through the shadow root, so that one theme serves the whole page. */
const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--keyword)", fontWeight: "600" },
  { tag: tags.string, color: "var(--string)" },
  // A name in brackets or quotes is no text.
  { tag: tags.special(tags.string), color: "var(--fg)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
  { tag: [tags.lineComment, tags.blockComment], color: "var(--comment)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--type)" },
  { tag: tags.operator, color: "var(--operator)" },
  { tag: tags.special(tags.name), color: "var(--number)" },
]);

const text = EditorView.theme({
  "&": { height: "100%", fontSize: "13.5px", backgroundColor: "var(--bg)", color: "var(--fg)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { lineHeight: "1.6", overflow: "auto", fontFamily: "var(--mono)" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--fg)" },
  ".cm-gutters": { backgroundColor: "var(--bg)", color: "var(--dim)", border: "none" },
  ".cm-activeLine": { backgroundColor: "var(--line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--line)", color: "var(--fg)" },
  ".cm-cursor": { borderLeftColor: "var(--fg)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selected)",
  },
  ".cm-call": { color: "var(--function)", fontWeight: "400" },
  ".cm-call *": { color: "var(--function)", fontWeight: "400" },
  ".cm-view, .cm-view *": { color: "var(--type)" },
  ".cm-placeholder": { color: "var(--dim)" },
  "&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "var(--hover)",
    outline: "1px solid var(--border)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--hover)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-soft)", outline: "1px solid var(--warn)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--hover)", border: "none", color: "var(--dim)" },
});

const tips = EditorView.theme({
  ".cm-tooltip": {
    backgroundColor: "var(--raised)",
    color: "var(--fg)",
    border: "1px solid var(--border)",
    borderRadius: "8px",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--sans)",
    fontSize: "12.5px",
    maxWidth: "min(460px, 92vw)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete": { overflow: "visible" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "17em", minWidth: "280px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "3px 10px",
    display: "flex",
    gap: "8px",
    alignItems: "baseline",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-fg)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "var(--sans)", color: "var(--dim)", marginLeft: "auto" },
  "li[aria-selected] .cm-completionDetail": { color: "inherit" },
  ".cm-tooltip.cm-completionInfo": { padding: "0", maxWidth: "340px" },
  ".cm-docs": { padding: "8px 11px", lineHeight: "1.45", display: "grid", gap: "5px" },
  ".cm-docs code": { fontFamily: "var(--mono)", fontSize: "12px" },
  ".cm-docs .dim": { color: "var(--dim)" },
  ".cm-docs .trap": { color: "var(--warn)" },
  ".cm-docs ul": { margin: "0", padding: "0", listStyle: "none", display: "grid", gap: "1px" },
  ".cm-docs li": { display: "flex", justifyContent: "space-between", gap: "18px" },
});

const remarks = EditorView.theme({
  ".cm-diagnostic": { padding: "7px 11px", borderLeft: "3px solid var(--dim)", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-diagnosticSource": { fontSize: "11px", color: "var(--dim)", opacity: "1" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--accent)",
    color: "var(--accent-fg)",
    borderRadius: "5px",
    padding: "2px 9px",
    fontSize: "12px",
    margin: "5px 6px 0 0",
    cursor: "pointer",
    display: "inline-block",
  },
  ".cm-lintRange-error, .cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad) 1.5px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  ".cm-lintRange-warning": { textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { backgroundImage: "none" },
  ".cm-unanswered": {
    textDecoration: "underline wavy var(--dim) 1.5px",
    textUnderlineOffset: "3px",
    textDecorationSkipInk: "none",
  },
  ".cm-lintRange-active": { backgroundColor: "var(--warn-soft)" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-lint-marker": { width: ".7em", height: ".7em", content: '""', borderRadius: "50%", marginTop: ".35em" },
  ".cm-lint-marker-error": { backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { backgroundColor: "var(--warn)" },
  ".cm-lint-marker-info": { backgroundColor: "color-mix(in srgb, var(--dim) 65%, transparent)" },
});

const panels = EditorView.theme({
  ".cm-panels": { backgroundColor: "var(--panel)", color: "var(--fg)", borderColor: "var(--border)" },
  ".cm-panel.cm-search": { padding: "6px 10px", fontFamily: "var(--sans)" },
  ".cm-textfield": {
    backgroundColor: "var(--bg)",
    color: "var(--fg)",
    border: "1px solid var(--border)",
    borderRadius: "5px",
    padding: "3px 7px",
  },
  ".cm-button": {
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    color: "var(--fg)",
    border: "1px solid var(--border)",
    borderRadius: "5px",
  },
});

/** How the editor looks. */
export const look: Extension = [syntaxHighlighting(highlight), text, tips, remarks, panels];
