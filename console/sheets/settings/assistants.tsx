import { engine } from "../../engine/engine.ts";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import { refusalOf, useList } from "./use-list.ts";

/** Whether assistants may ask: rows then leave for somebody's language model. */
export function Assistants() {
  const { assistants, reading } = words.settings;
  const { value, refusal, reload } = useList(() => engine().tenant());
  const turn = async (mcp: boolean) => {
    const found = await refusalOf(() => engine().changeTenant({ mcp }));
    if (found !== undefined) say(found.detail);
    await reload();
  };
  return (
    <>
      <p className={css["lead"]}>{assistants.lead}</p>
      {refusal !== undefined && (
        <p role="alert" className={css["problem"]}>
          {refusal}
        </p>
      )}
      {value === undefined && refusal === undefined && <p role="status">{reading}</p>}
      {value !== undefined && (
        <label className={css["choice"]}>
          <input type="checkbox" checked={value.mcp} onChange={(event) => void turn(event.target.checked)} />
          {assistants.on(value.name)}
        </label>
      )}
    </>
  );
}
