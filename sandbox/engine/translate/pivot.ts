import { unsupported } from "../values/sql-error.ts";
import type { Json, Node } from "./ast.ts";
import type { Context } from "./context.ts";
import type { Joined } from "./source.ts";
import type { Source } from "./names.ts";

/** PIVOT of a table or query. */
export function translatePivot(_context: Context, _parts: Node, _inner: (json: Json) => Joined): Source {
  return unsupported("PIVOT");
}

/** UNPIVOT of a table or query. */
export function translateUnpivot(_context: Context, _parts: Node, _inner: (json: Json) => Joined): Source {
  return unsupported("UNPIVOT");
}
