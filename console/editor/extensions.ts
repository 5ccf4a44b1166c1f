import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
  rectangularSelection,
  tooltips,
} from "@codemirror/view";
import { words } from "../words/en.ts";
import { complete } from "./complete/complete.ts";
import { calls, dialect, language } from "./dialect.ts";
import { docsOnHover } from "./docs/hover.ts";
import { editorKeys } from "./keys.ts";
import { remarkKeys } from "./remarks/remark-keys.ts";
import { look } from "./theme.ts";
import { typeOver } from "./type-over.ts";

/** Everything the editor does, but for what a tab's text is told to. */
export function extensions(tips: HTMLElement, onChange: (state: EditorState) => void): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    foldGutter(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    rectangularSelection(),
    crosshairCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false, maxRenderedOptions: 200, interactionDelay: 30 }),
    search({ top: true }),
    highlightSelectionMatches(),
    language(),
    dialect.language.data.of({ autocomplete: complete }),
    calls,
    look,
    docsOnHover,
    typeOver,
    tooltips({ parent: tips }),
    placeholder(words.editor.placeholder),
    EditorView.lineWrapping,
    // The scrolled content is no focusable element for accessibility checkers without it.
    EditorView.contentAttributes.of({
      "aria-label": words.editor.label,
      "aria-describedby": "editor-help",
      tabindex: "0",
    }),
    Prec.highest(keymap.of([...editorKeys, ...remarkKeys])),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      indentWithTab,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged || update.selectionSet) onChange(update.state);
    }),
  ];
}
