import { useState, type SyntheticEvent } from "react";
import type { SqeError } from "#client/sqe-error.ts";
import { engine } from "../../engine/engine.ts";
import { Button } from "../../parts/button.tsx";
import { TextField } from "../../parts/text-field.tsx";
import { lastSubdomain } from "../../session/ways.ts";
import { readSubdomain } from "../../session/subdomain.ts";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import { refusalOf } from "./use-list.ts";

const fields = ["name", "subdomain", "clientId", "clientSecret", "mids"] as const;
type Values = Record<(typeof fields)[number], string>;

const empty = (): Values => ({ name: "", subdomain: lastSubdomain(), clientId: "", clientSecret: "", mids: "" });
/** A trial of many units takes its time; Marketing Cloud that does not answer is said soon. */
const patienceMs = 20_000;

/** Adds a package, which is tried before it is stored. */
export function NewConnection({ onAdded }: { onAdded: () => void }) {
  const { connections } = words.settings;
  const [values, setValues] = useState(empty);
  const [refusal, setRefusal] = useState<SqeError>();
  const [isTrying, setTrying] = useState(false);
  const mids = values.mids.split(/[\s,;]+/).filter((text) => text !== "");
  const isWhole =
    fields.every((name) => values[name].trim() !== "") &&
    mids.length > 0 &&
    mids.every((text) => /^\d{1,15}$/.test(text));
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setTrying(true);
    const wanted = {
      name: values.name.trim(),
      subdomain: readSubdomain(values.subdomain) ?? values.subdomain,
      clientId: values.clientId.trim(),
      clientSecret: values.clientSecret.trim(),
      mids: mids.map(Number),
    };
    const found = await refusalOf(() => engine({ patienceMs }).addConnection(wanted));
    setTrying(false);
    setRefusal(found);
    if (found !== undefined) return;
    setValues(empty);
    say(connections.added(wanted.name));
    onAdded();
  };
  return (
    <form className={css["form"]} aria-label={connections.add} onSubmit={(event) => void submit(event)}>
      <h3>{connections.add}</h3>
      <div className={css["pair"]}>
        {fields.map((name) => (
          <TextField
            key={name}
            label={connections.fields[name]}
            detail={connections.details[name]}
            type={name === "clientSecret" ? "password" : "text"}
            autoComplete="off"
            spellCheck={false}
            value={values[name]}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      </div>
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <Button type="submit" look="primary" isDisabled={isTrying || !isWhole}>
        {isTrying ? connections.trying : connections.submit}
      </Button>
    </form>
  );
}

function Refusal({ refusal: { detail, errors = [] } }: { refusal: SqeError }) {
  return (
    <div role="alert" className={css["problem"]}>
      {errors.length === 0 ? detail : words.settings.connections.refused}
      <ul>
        {errors.map(({ path, message }) => (
          <li key={path}>{message}</li>
        ))}
      </ul>
    </div>
  );
}
