import { useState, type SyntheticEvent } from "react";
import type { NewApiKey, Scope } from "#client/account-types.ts";
import { engine } from "../../engine/engine.ts";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/text-field.tsx";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import { refusalOf } from "./use-list.ts";

/** What a program needs to run queries and read their rows. */
const usual: readonly Scope[] = ["runs:read", "runs:write", "tables:read"];
const lives = [7, 30, 90, 365];

/** Makes an API key. */
export function NewKey({ onMade }: { onMade: (key: NewApiKey) => void }) {
  const { keys } = words.settings;
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState(usual);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const wanted = { name: name.trim(), scopes, expiresInDays: days };
    const refusal = await refusalOf(async () => onMade(await engine().createKey(wanted)));
    setProblem(refusal?.detail);
  };
  const toggle = (scope: Scope) =>
    setScopes(scopes.includes(scope) ? scopes.filter((it) => it !== scope) : [...scopes, scope]);
  return (
    <form className={css["form"]} onSubmit={(event) => void submit(event)}>
      <div className={css["pair"]}>
        <TextField
          label={keys.name}
          detail={keys.nameDetail}
          problem={problem}
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={setName}
        />
        <label className={css["field"]}>
          {keys.life}
          <select className={css["select"]} value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {lives.map((it) => (
              <option key={it} value={it}>
                {keys.days(it)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset className={css["choices"]}>
        <legend>{keys.allowed}</legend>
        {Object.entries(keys.scopes).map(([id, label]) => (
          <label key={id} className={css["choice"]}>
            {/* The words are by scope. */}
            <input type="checkbox" checked={scopes.includes(id as Scope)} onChange={() => toggle(id as Scope)} />
            {label}
          </label>
        ))}
      </fieldset>
      <Button type="submit" look="primary" isDisabled={name.trim() === "" || scopes.length === 0}>
        {keys.make}
      </Button>
    </form>
  );
}
