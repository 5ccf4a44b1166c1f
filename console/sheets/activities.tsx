import { useState } from "react";
import { SqeError } from "#client/sqe-error.ts";
import { engine } from "../engine/engine.ts";
import { SearchField } from "../parts/search-field.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { clockTime } from "../result/times.ts";
import { closeSheet, say } from "../state/state.ts";
import { openTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";
import { useAsked } from "./use-asked.ts";

/** Opens the SQL of a Query Activity of Automation Studio in a tab of its own. */
export function Activities() {
  const [q, setQ] = useState("");
  const { activities } = words.sheets;
  const asked = useAsked(q, async (signal) => {
    // Somebody who types is not done after each letter.
    await new Promise((done) => setTimeout(done, q === "" ? 0 : 250));
    signal.throwIfAborted();
    return engine().queryActivities({ limit: 50, signal, ...(q !== "" && { q }) });
  });
  const list = asked?.value?.queryActivities ?? [];
  return (
    <SheetFrame title={activities.title}>
      <SearchField isFirst label={activities.search} clearLabel={words.schema.clear} value={q} onChange={setQ} />
      {asked === undefined && <p role="status">{activities.loading}</p>}
      {asked?.refusal !== undefined && <p role="alert">{asked.refusal}</p>}
      {asked?.value !== undefined && list.length === 0 && <p>{activities.none}</p>}
      <ul className={css["list"]}>
        {list.map(({ key, name, modifiedAt }) => (
          <li key={key}>
            <button type="button" className={css["pick"]} onClick={() => void open(key)}>
              <span>{name}</span>
              {modifiedAt !== undefined && <small>{activities.changed(clockTime(modifiedAt, Date.now()))}</small>}
            </button>
          </li>
        ))}
      </ul>
    </SheetFrame>
  );
}

async function open(key: string): Promise<void> {
  try {
    const { name, sql } = await engine().queryActivity(key);
    openTab({ name, sql });
    closeSheet();
    say(words.sheets.activities.opened(name));
  } catch (error) {
    if (!(error instanceof SqeError)) throw error;
    say(error.detail);
  }
}
