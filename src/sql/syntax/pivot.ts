import { dotted, nameHere, tableAlias, takeName } from "./names.ts";
import { accept, expect, missing, peek, since, word, type Parser } from "./parser.ts";
import { close } from "./recover.ts";
import type { Column } from "./expression-tree.ts";
import type { Name, Pivot, Source, Unpivot } from "./tree.ts";

function column(p: Parser): Column {
  const parts = dotted(p, nameHere(p, "a column"));
  const start = parts[0]?.start ?? peek(p).start;
  return { kind: "column", parts, ...since(p, start) };
}

/** The values that become columns; some write them as texts, which T-SQL does not take. */
function values(p: Parser): Name[] {
  const names: Name[] = [];
  expect(p, "IN");
  if (!expect(p, "(")) return names;
  do names.push(peek(p).kind === "string" ? takeName(p) : nameHere(p, "a value in brackets"));
  while (accept(p, ","));
  close(p);
  return names;
}

function turned(p: Parser): Column[] {
  const columns: Column[] = [];
  expect(p, "IN");
  if (!expect(p, "(")) return columns;
  do columns.push(column(p));
  while (accept(p, ","));
  close(p);
  return columns;
}

function readAlias(p: Parser, node: Pivot | Unpivot): void {
  const alias = tableAlias(p);
  if (alias !== undefined) node.alias = alias;
  else missing(p, "an alias");
}

/** Reads PIVOT or UNPIVOT behind what it turns. */
export function pivot(p: Parser, source: Source): Pivot | Unpivot {
  const { start } = source;
  const isPivot = word(p) === "PIVOT";
  p.at += 2;
  let node: Pivot | Unpivot;
  if (isPivot) {
    const aggregate = p.expression(p);
    expect(p, "FOR");
    node = { kind: "pivot", source, aggregate, column: column(p), values: values(p), columns: [], start, end: 0 };
  } else {
    const value = nameHere(p, "a name for the values");
    expect(p, "FOR");
    const name = nameHere(p, "a name for the columns' names");
    node = { kind: "unpivot", source, value, name, turned: turned(p), columns: [], start, end: 0 };
  }
  close(p);
  readAlias(p, node);
  return Object.assign(node, since(p, start));
}
