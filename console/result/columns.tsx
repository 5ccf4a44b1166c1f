import type { Column } from "#client/result-page.ts";
import { words } from "../words/en.ts";
import { typeWords } from "./grid/show.ts";
import css from "./table.module.css";

/** The columns of a result: names, types, and in which zone moments are. */
export function Columns({ columns }: { columns: readonly Column[] }) {
  const { result } = words;
  const hasZones = columns.some(({ zone }) => zone !== undefined);
  return (
    <div className={css["box"]}>
      <table className={css["table"]}>
        <thead>
          <tr>
            <th scope="col">{result.position}</th>
            <th scope="col">{result.column}</th>
            <th scope="col">{result.type}</th>
            {hasZones && <th scope="col">{result.zone}</th>}
          </tr>
        </thead>
        <tbody>
          {columns.map((column, index) => (
            <tr key={column.name}>
              <td>{index + 1}</td>
              <th scope="row">{column.name}</th>
              <td>
                {typeWords(column)} {column.assumed && <em>({result.assumed})</em>}
              </td>
              {hasZones && <td>{column.zone && result.zones[column.zone]}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
