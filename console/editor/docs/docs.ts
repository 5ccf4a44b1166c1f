import type { Field, SqlFunction, Table } from "#client/schema-types.ts";
import { catalogue, fieldsKnown, needFields } from "../../engine/catalogue.ts";
import { words } from "../../words/en.ts";
import { typeOf } from "../complete/option.ts";

type Part = { tag: "div" | "code"; text: string; look?: "dim" | "trap" };

/** Makes a piece of documentation. No HTML is parsed: Trusted Types forbid it, and names come from outside. */
function docs(parts: readonly (Part | undefined | "")[], list: readonly [string, string][] = []): HTMLElement {
  const root = document.createElement("div");
  root.className = "cm-docs";
  for (const part of parts) {
    if (part === undefined || part === "") continue;
    const element = document.createElement(part.tag);
    element.textContent = part.text;
    if (part.look !== undefined) element.className = part.look;
    root.append(element);
  }
  if (list.length > 0) root.append(listOf(list));
  return root;
}

function listOf(entries: readonly [string, string][]): HTMLElement {
  const list = document.createElement("ul");
  for (const [name, type] of entries) {
    const item = document.createElement("li");
    const [left, right] = [document.createElement("code"), document.createElement("span")];
    left.textContent = name;
    right.textContent = type;
    right.className = "dim";
    item.append(left, right);
    list.append(item);
  }
  return list;
}

const say = (text: string | undefined, look?: Part["look"]): Part | undefined =>
  text === undefined || text === "" ? undefined : { tag: "div", text, ...(look !== undefined && { look }) };

/** What a function gives, how it is called, and what people fall for. */
export function functionDocs({ signature, summary, trap, evidence }: SqlFunction): HTMLElement {
  return docs([
    { tag: "code", text: signature },
    say(summary),
    say(trap, "trap"),
    say(words.editor.evidence[evidence], "trap"),
  ]);
}

/** As many fields as a tip shows. */
const fieldsMax = 12;

/** A table: what it is, how far back a view goes, its first fields. */
export function tableDocs(name: string): HTMLElement {
  needFields(name);
  const { tables, views } = catalogue.get();
  const view = views.get(name.toLowerCase());
  const table: Table | undefined = tables.find((it) => it.name.toLowerCase() === name.toLowerCase());
  const fields = fieldsKnown(name) ?? [];
  const kind = table === undefined ? "" : words.editor.kinds[table.kind];
  const size = fields.length === 0 ? kind : `${kind} · ${words.editor.fieldCount(fields.length)}`;
  return docs(
    [
      { tag: "code", text: name },
      say(size, "dim"),
      say(view?.summary ?? table?.description),
      say(view?.keeps && words.editor.keeps(view.keeps)),
      say(view?.trap, "trap"),
    ],
    fields.slice(0, fieldsMax).map((field) => [field.name, typeOf(field)]),
  );
}

/** A field: its type, whether it is a key, and in which zone its moments are. */
export function fieldDocs(field: Field, table: string | undefined): HTMLElement {
  const { key, required, zones } = words.editor;
  const facts = [typeOf(field), field.isPrimaryKey && key, field.isRequired && required].filter(Boolean).join(" · ");
  return docs([
    { tag: "code", text: table === undefined ? field.name : `${table}.${field.name}` },
    say(facts, "dim"),
    say(field.description),
    field.zone && say(zones[field.zone]),
  ]);
}
