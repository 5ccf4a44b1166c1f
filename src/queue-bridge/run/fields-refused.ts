import { given } from "#lang/given.ts";
import type { RefusedTables } from "#inspect/inspect.ts";
import type { RunError } from "#protocol/run-error.ts";
import { clip } from "#lang/clip.ts";
import { explain } from "./failures.ts";

/** Most names in one sentence. */
const namesMax = 5;

/** The query has a `*` for fields that MCE refuses to return; with named columns it could run. */
export function fieldsRefused(refused: RefusedTables): RunError {
  const [first] = refused;
  const names = refused.slice(0, namesMax).map(({ table }) => `"${table.name}"`);
  const more = refused.length > namesMax ? ` and ${refused.length - namesMax} more` : "";
  const { code, fix, mce } = explain(first.failure, "reading the tables' fields");
  return {
    code,
    title: "The fields of a table cannot be read",
    detail: clip(
      `Marketing Cloud refuses to list the fields of ${names.join(", ")}${more}, and * stands for them`,
      4000,
    ),
    fix: clip(`Name the columns instead of *${fix === undefined ? "" : `. ${fix}`}`, 1000),
    ...given({ mce }),
  };
}
