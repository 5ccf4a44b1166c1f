import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { activeTab, changeTab } from "../state/tabs.ts";
import { store } from "../state/state.ts";
import { words } from "../words/en.ts";
import { editor, selectedIn, setEditor } from "./current-editor.ts";
import { extensions } from "./extensions.ts";

/** Each tab has a state of its own in the one editor, with its undo history. */
const states = new Map<string, { state: EditorState; scrollTop: number }>();
let shownId = "";
/** The text that the store had of the tab when the editor last looked, or told it. */
let told = "";
/** Where tips and lists of completions are put: of all editors the same, because the tabs' states know it. */
let tips: HTMLElement | undefined;

/** Opens the editor in an element. The shadow root keeps its styles out of reach of the content security policy. */
export function openEditor(host: HTMLElement): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  const help = document.createElement("p");
  help.id = "editor-help";
  help.hidden = true;
  help.textContent = words.editor.help;
  tips ??= document.createElement("div");
  root.append(help, tips);
  setEditor(new EditorView({ root, parent: root }));
  shownId = "";
  showTab();
  const stop = store.subscribe(showTab);
  return () => {
    stop();
    keepState(editor());
    editor()?.destroy();
    setEditor(undefined);
  };
}

/** Shows the text of the tab in front. */
function showTab(): void {
  const tab = activeTab(store.get());
  const view = editor();
  if (view === undefined) return;
  if (tab.id === shownId) {
    if (tab.sql !== told) queueMicrotask(takeOver);
    return;
  }
  keepState(view);
  shownId = tab.id;
  told = tab.sql;
  const known = states.get(tab.id);
  view.setState(known?.state.doc.toString() === tab.sql ? known.state : freshState(tab.sql));
  view.scrollDOM.scrollTop = known?.scrollTop ?? 0;
  const open = new Set(store.get().tabs.map(({ id }) => id));
  for (const id of states.keys()) if (!open.has(id)) states.delete(id);
}

/** Keeps what the tab has in the editor: undo history, cursor, remarks. A narrow screen takes the editor away for the result. */
function keepState(view: EditorView | undefined): void {
  if (view === undefined || shownId === "") return;
  states.set(shownId, { state: view.state, scrollTop: view.scrollDOM.scrollTop });
}

/** Another window has changed the text: what is the same around the change stays as it is, with the cursor in it. */
function takeOver(): void {
  const { id, sql } = activeTab(store.get());
  const view = editor();
  if (view === undefined || id !== shownId) return;
  const text = view.state.doc.toString();
  if (text === sql) return;
  const most = Math.min(text.length, sql.length);
  let from = 0;
  while (from < most && text[from] === sql[from]) from += 1;
  let same = 0;
  while (same < most - from && text.at(-1 - same) === sql.at(-1 - same)) same += 1;
  view.dispatch({ changes: { from, to: text.length - same, insert: sql.slice(from, sql.length - same) } });
}

function freshState(doc: string): EditorState {
  return EditorState.create({ doc, extensions: extensions(tips ?? document.body, onChange) });
}

function onChange(state: EditorState): void {
  const tab = activeTab(store.get());
  if (tab.id !== shownId) return;
  const sql = state.doc.toString();
  told = sql;
  const hasSelection = selectedIn(state) !== undefined;
  if (sql !== tab.sql || hasSelection !== tab.hasSelection) changeTab(tab.id, { sql, hasSelection });
}
