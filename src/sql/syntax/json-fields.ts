import { dataType } from "./cast.ts";
import { nameHere, unquoted } from "./names.ts";
import { accept, peek, since, word, type Parser } from "./parser.ts";
import { close } from "./recover.ts";
import type { JsonField } from "./tree.ts";

/** Reads the columns of OPENJSON … WITH, whose parenthesis is open, and closes it. */
export function jsonFields(p: Parser): JsonField[] {
  const fields: JsonField[] = [];
  do {
    const name = nameHere(p, "a column name");
    const node: JsonField = { kind: "json-field", name, type: dataType(p), start: name.start, end: 0 };
    const token = peek(p);
    if (token.kind === "string") {
      node.path = unquoted(p.sql, token);
      p.at += 1;
    }
    if (word(p) === "AS" && word(p, 1) === "JSON") {
      p.at += 2;
      node.isJson = true;
    }
    fields.push(Object.assign(node, since(p, name.start)));
  } while (accept(p, ","));
  close(p);
  return fields;
}
