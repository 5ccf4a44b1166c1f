import { startCompletion } from "@codemirror/autocomplete";
import type { Body, Select } from "#sql/syntax/tree.ts";
import { reader, type Reader } from "../reader/load-reader.ts";
import type { Request } from "../state/job.ts";
import { say } from "../state/state.ts";
import { words } from "../words/en.ts";
import { inEditor } from "./current-editor.ts";
import { offsetAt, type Change } from "./remarks/edits.ts";

/** Begins a condition in the query that was run, and offers the columns for it. */
export function addWhere(request: Request | undefined): void {
  inEditor((view) => {
    const known = reader();
    if (known === undefined) return;
    const text = view.state.doc.toString();
    const from = request?.isSelection === true ? offsetAt(text)(request.line + 1, request.column + 1) : 0;
    const isThere = request?.isSelection === true && text.startsWith(request.sql, from);
    const place = whereIn(known.readQuery(isThere ? request.sql : text));
    if (place === undefined) return say(words.editor.noWhere);
    const changes = place.map((it) => ({ ...it, from: it.from + (isThere ? from : 0) }));
    const cursor = changes.reduce((end, change) => end + change.insert.length, changes.at(-1)?.from ?? 0);
    view.dispatch({ changes, selection: { anchor: cursor }, scrollIntoView: true, userEvent: "input" });
    view.focus();
    startCompletion(view);
    return undefined;
  });
}

/**
 * What to write so that a condition can be typed at the end of it: WHERE behind FROM, or AND behind the conditions that are
 * there; those of an OR get parentheses, so that they mean what they meant. Of a UNION its last query.
 */
export function whereIn({ tree }: ReturnType<Reader["readQuery"]>): Pick<Change, "from" | "insert">[] | undefined {
  const select = selectOf(tree.body);
  const source = select?.from.at(-1);
  if (select === undefined || source === undefined || source.kind === "missing") return undefined;
  const { where } = select;
  if (where === undefined) return [{ from: source.end, insert: "\nWHERE " }];
  if (where.kind !== "logical" || where.operator === "AND") return [{ from: where.end, insert: "\n  AND " }];
  return [
    { from: where.start, insert: "(" },
    { from: where.end, insert: ")\n  AND " },
  ];
}

function selectOf(body: Body | undefined): Select | undefined {
  if (body?.kind === "query") return selectOf(body.body);
  if (body?.kind === "set") return selectOf(body.branches.at(-1));
  return body?.kind === "select" ? body : undefined;
}
