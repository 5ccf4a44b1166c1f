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
/** Where tips and lists of completions are put. */
let tips: HTMLElement | undefined;

/** Opens the editor in an element. The shadow root keeps its styles out of reach of the content security policy. */
export function openEditor(host: HTMLElement): () => void {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  root.replaceChildren();
  const help = document.createElement("p");
  help.id = "editor-help";
  help.hidden = true;
  help.textContent = words.editor.help;
  tips = document.createElement("div");
  root.append(help, tips);
  setEditor(new EditorView({ root, parent: root }));
  shownId = "";
  showTab();
  const stop = store.subscribe(showTab);
  return () => {
    stop();
    editor()?.destroy();
    setEditor(undefined);
  };
}

/** Shows the text of the tab in front; whatever else the store holds does not concern the editor. */
function showTab(): void {
  const tab = activeTab(store.get());
  const view = editor();
  if (view === undefined || tab.id === shownId) return;
  if (shownId !== "") states.set(shownId, { state: view.state, scrollTop: view.scrollDOM.scrollTop });
  shownId = tab.id;
  const known = states.get(tab.id);
  view.setState(known?.state.doc.toString() === tab.sql ? known.state : freshState(tab.sql));
  view.scrollDOM.scrollTop = known?.scrollTop ?? 0;
  const open = new Set(store.get().tabs.map(({ id }) => id));
  for (const id of states.keys()) if (!open.has(id)) states.delete(id);
}

function freshState(doc: string): EditorState {
  return EditorState.create({ doc, extensions: extensions(tips ?? document.body, onChange) });
}

function onChange(state: EditorState): void {
  const tab = activeTab(store.get());
  if (tab.id !== shownId) return;
  const sql = state.doc.toString();
  const hasSelection = selectedIn(state) !== undefined;
  if (sql !== tab.sql || hasSelection !== tab.hasSelection) changeTab(tab.id, { sql, hasSelection });
}
