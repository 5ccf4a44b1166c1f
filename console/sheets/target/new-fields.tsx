import type { Column } from "#client/result-page.ts";
import { Button } from "../../parts/button.tsx";
import { copyText } from "../../parts/copy.ts";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import css from "../sheets.module.css";

/** The fields that a Data Extension for this query needs, to make one by hand. */
export function NewFields({ columns }: { columns: readonly Column[] }) {
  const { target } = words.sheets;
  if (columns.length === 0) return null;
  const copy = () => say(copyText(fieldList(columns)) ? target.fieldsCopied : words.grid.notCopied);
  return (
    <section className={css["block"]}>
      <p className={css["dim"]}>{target.copyFieldsDetail}</p>
      <span>
        <Button onPress={copy}>{target.copyFields}</Button>
      </span>
    </section>
  );
}

/** A field in each line: name, type, length, whether it is a key. A query's columns have no key. */
function fieldList(columns: readonly Column[]): string {
  const lines = columns.map(({ name, type, maxLength, precision, scale }) => {
    const size = precision === undefined ? (maxLength ?? "") : `${precision},${scale ?? 0}`;
    return [name, type, size, "no"].join("\t");
  });
  return ["Name\tType\tLength\tPrimary key", ...lines].join("\n");
}
