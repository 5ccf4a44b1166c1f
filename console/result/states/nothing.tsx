import { replaceText } from "../../editor/current-editor.ts";
import { usePage } from "../../state/state.ts";
import { activeTab, openTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import css from "./states.module.css";

/** Queries that run in every account. */
const samples = [
  "SELECT TOP 100 SubscriberKey, EmailAddress, Status\nFROM _Subscribers",
  "SELECT JobID, COUNT(*) AS Opens\nFROM _Open\nWHERE EventDate >= DATEADD(day, -30, GETDATE())\nGROUP BY JobID",
] as const;

/** Before the first run. */
export function Nothing() {
  const isEmpty = usePage((state) => activeTab(state).sql.trim() === "");
  const { result } = words;
  const use = (sql: string) => (isEmpty ? replaceText(sql) : void openTab({ sql }));
  return (
    <div className={css["middle"]}>
      <p>{result.nothing}</p>
      <p className={css["dim"]}>{result.nothingDetail}</p>
      {isEmpty && (
        <>
          <p className={css["or"]}>{result.samples}</p>
          <div className={css["samples"]}>
            {samples.map((sql) => (
              <button key={sql} type="button" className={css["sample"]} onClick={() => use(sql)}>
                <code>{sql}</code>
              </button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}
