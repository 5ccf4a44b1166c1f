import { insertText } from "../editor/current-editor.ts";
import { copyText } from "../parts/copy.ts";
import { reader } from "../reader/load-reader.ts";
import { openSheet, say } from "../state/state.ts";
import { words } from "../words/en.ts";
import type { Node } from "./nodes.ts";

/** The name as a query has it: `Ent.` and brackets included. */
function written(node: Node): string | undefined {
  const bracketed = (name: string) => reader()?.asWritten(name) ?? `[${name}]`;
  if (node.kind === "field") return bracketed(node.field.name);
  if (node.kind !== "table") return undefined;
  const { name } = node.table;
  return name.startsWith("Ent.") ? `Ent.${bracketed(name.slice("Ent.".length))}` : bracketed(name);
}

/** Writes the name of a table or field into the query. @returns whether there is one */
export function insertNode(node: Node): boolean {
  const name = written(node);
  if (name === undefined) return false;
  insertText(name);
  return true;
}

/** Shows the first rows of a table. @returns whether the line is one of a table */
export function previewNode(node: Node): boolean {
  if (node.kind !== "table") return false;
  openSheet({ kind: "preview", table: node.table.name });
  return true;
}

/** Lets a name be dragged into the query. @returns whether there is one */
export function dragName(node: Node, data: DataTransfer): boolean {
  const name = written(node);
  if (name === undefined) return false;
  data.setData("text/plain", name);
  data.effectAllowed = "copy";
  return true;
}

/** Copies the name of a table or field. */
export function copyName(node: Node): void {
  const name = written(node);
  if (name !== undefined && copyText(name)) say(words.copied);
}
