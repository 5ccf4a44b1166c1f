import { unsupported } from "../../values/sql-error.ts";
import type { Node } from "../ast.ts";
import type { Context } from "../context.ts";
import type { Expr } from "../expr.ts";

/** AT TIME ZONE. */
export function translateAtTimeZone(_context: Context, _body: Node): Expr {
  return unsupported("AT TIME ZONE");
}
