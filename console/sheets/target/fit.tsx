import type { CheckAnswer, FieldFit } from "#client/check-types.ts";
import { words } from "../../words/en.ts";
import { sentence } from "../../words/sentence.ts";
import css from "../sheets.module.css";

const { target: texts } = words.sheets;
const looks: Record<FieldFit["verdict"], string> = {
  fits: "good",
  "may-cut": "warn",
  "may-fail": "warn",
  unfilled: "dim",
  missing: "bad",
  refused: "bad",
};

/** How the query's columns go into a Data Extension's fields, line by line. */
export function Fit({ fit: { fields, reasons } }: { fit: NonNullable<CheckAnswer["target"]> }) {
  return (
    <>
      {reasons.map(({ message, fix }) => (
        <p key={message} className={css["bad"]} role="alert">
          {sentence(message)}. {sentence(fix ?? "")}
        </p>
      ))}
      <div className={css["scroll"]} tabIndex={0} role="group" aria-label={texts.verdict}>
        <table className={css["table"]}>
          <thead>
            <tr>
              <th scope="col">{texts.field}</th>
              <th scope="col">{texts.column}</th>
              <th scope="col">{texts.verdict}</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ field, column, verdict, message }) => (
              <tr key={field}>
                <td>{field}</td>
                <td>{column ?? "–"}</td>
                <td className={css[looks[verdict]]}>
                  {texts.verdicts[verdict]}
                  {message !== undefined && <span className={css["dim"]}> {message}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
