import {
  closeHoverTooltips,
  hoverTooltip,
  showTooltip,
  type Command,
  type EditorView,
  type Tooltip,
} from "@codemirror/view";
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { catalogue } from "../../engine/catalogue.ts";
import { reader } from "../../reader/load-reader.ts";
import { columnsOf, tableName } from "../complete/columns.ts";
import { fieldDocs, functionDocs, tableDocs } from "./docs.ts";

/** Documentation on the word under the pointer. */
const onHover = hoverTooltip((view, pos) => docsAt(view, pos), { hoverTime: 350 });

const show = StateEffect.define<Tooltip | null>();

/** Documentation that a key has asked for; the next change or move takes it away. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update(tip, transaction) {
    const effect = transaction.effects.find((it) => it.is(show));
    if (effect !== undefined) return effect.value;
    return transaction.docChanged || transaction.selection !== undefined ? null : tip;
  },
  provide: (field) => showTooltip.from(field),
});

/** Documentation by pointer and by key. */
export const docsOnHover: Extension = [onHover, asked];

/** Shows the documentation of the word at the cursor. */
export const showDocs: Command = (view) => {
  const tip = docsAt(view, view.state.selection.main.head);
  view.dispatch({ effects: [closeHoverTooltips, show.of(tip)] });
  return true;
};

function docsAt({ state }: EditorView, pos: number): Tooltip | null {
  const known = reader();
  if (known === undefined) return null;
  const sql = state.doc.toString();
  const read = known.readQuery(sql);
  const token = read.tokens.find(({ start, end }) => start <= pos && pos <= end);
  if (token === undefined || (token.kind !== "word" && token.kind !== "bracket")) return null;
  const text = sql.slice(token.start, token.end);
  const name = token.kind === "bracket" ? text.slice(1, -1).replaceAll("]]", "]") : text;
  const dom = wordDocs(name, sql.slice(token.end), () => known.scopeAt(read, token.start).levels.flat());
  return dom === undefined ? null : { pos: token.start, end: token.end, above: false, create: () => ({ dom }) };
}

type Sources = Parameters<typeof columnsOf>[0][];

function wordDocs(name: string, behind: string, sources: () => Sources): HTMLElement | undefined {
  const { functions, tables } = catalogue.get();
  const called = /^\s*\(/.test(behind) ? functions.get(name.toUpperCase()) : undefined;
  if (called !== undefined) return functionDocs(called);
  const lower = name.toLowerCase();
  const found = sources();
  const source = found.find(({ alias }) => alias.toLowerCase() === lower);
  const ofAlias = source && tableName(source);
  if (ofAlias !== undefined) return tableDocs(ofAlias);
  for (const it of found) {
    const column = columnsOf(it).find((candidate) => candidate.name.toLowerCase() === lower);
    if (column?.field !== undefined) return fieldDocs(column.field, tableName(it));
  }
  const table = tables.find((it) => it.name.toLowerCase() === lower || it.name.toLowerCase() === `ent.${lower}`);
  return table && tableDocs(table.name);
}
