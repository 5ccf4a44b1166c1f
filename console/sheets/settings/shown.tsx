import type { ReactNode } from "react";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import type { Listed } from "./use-list.ts";

/** A list, or why there is none: it is on its way, was refused, or is empty. */
export function Shown<T>({
  listed: { value, refusal },
  label,
  none,
  head,
  children,
}: {
  label: string;
  listed: Listed<readonly T[]>;
  none?: string;
  head: readonly string[];
  children: (entry: T) => ReactNode;
}) {
  const { settings } = words;
  return (
    <>
      {refusal !== undefined && (
        <p role="alert" className={css["problem"]}>
          {refusal}
        </p>
      )}
      {value === undefined && refusal === undefined && <p role="status">{settings.reading}</p>}
      {value?.length === 0 && none !== undefined && <p>{none}</p>}
      {value !== undefined && value.length > 0 && (
        // On a narrow screen it scrolls, by keys, too.
        <div className={css["scroll"]} role="region" aria-label={label} tabIndex={0}>
          <table className={css["table"]}>
            <thead>
              <tr>
                {head.map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{value.map(children)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
