import { useState, type SyntheticEvent } from "react";
import type { Connection, NewConnection } from "#client/administrator-types.ts";
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
type Name = (typeof fields)[number];
type Values = Record<Name, string>;

/** A trial of many units takes its time; Marketing Cloud that does not answer is said soon. */
const patienceMs = 20_000;

/** Adds a package, or changes one: what it signs in with is tried before it is stored. @param known the one to change */
export function ConnectionForm({ known, onDone }: { known?: Connection | undefined; onDone: () => void }) {
  const { connections } = words.settings;
  const [values, setValues] = useState(() => valuesOf(known));
  const [refusal, setRefusal] = useState<SqeError>();
  const [isTrying, setTrying] = useState(false);
  const wanted = wantedOf(values);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (wanted === undefined) return;
    setTrying(true);
    const found = await refusalOf(() => send(known, wanted));
    setTrying(false);
    setRefusal(found);
    if (found !== undefined) return;
    setValues(valuesOf(undefined));
    say(known === undefined ? connections.added(wanted.name) : connections.changed(wanted.name));
    onDone();
  };
  const title = known === undefined ? connections.add : connections.change(known.name);
  const isWhole = wanted !== undefined && (known !== undefined || wanted.clientSecret !== "");
  return (
    <form className={css["form"]} aria-label={title} onSubmit={(event) => void submit(event)}>
      <h3>{title}</h3>
      <div className={css["pair"]}>
        {fields.filter(known === undefined ? () => true : isChangeable).map((name) => (
          <TextField
            key={name}
            label={connections.fields[name]}
            detail={known !== undefined && name === "clientSecret" ? connections.keepSecret : connections.details[name]}
            type={name === "clientSecret" ? "password" : "text"}
            autoComplete="off"
            spellCheck={false}
            autoFocus={known !== undefined && name === "name"}
            value={values[name]}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
      </div>
      {refusal !== undefined && <Refusal refusal={refusal} />}
      <div className={css["actions"]}>
        <Button type="submit" look="primary" isDisabled={isTrying || !isWhole}>
          {isTrying ? connections.trying : known === undefined ? connections.submit : connections.submitChange}
        </Button>
        {known !== undefined && <Button onPress={onDone}>{words.cancel}</Button>}
      </div>
    </form>
  );
}

/** Where a package belongs is what it is: another one is added. */
function isChangeable(name: Name): boolean {
  return name !== "subdomain" && name !== "clientId";
}

function valuesOf(known: Connection | undefined): Values {
  const { name = "", subdomain = lastSubdomain(), clientId = "", mids = [] } = known ?? {};
  return { name, subdomain, clientId, clientSecret: "", mids: mids.join(", ") };
}

/** What the fields say; undefined while they say too little. An empty secret is the one there is. */
function wantedOf(values: Values): NewConnection | undefined {
  const [name, clientId] = [values.name.trim(), values.clientId.trim()];
  const subdomain = readSubdomain(values.subdomain) ?? values.subdomain.trim();
  const mids = values.mids.split(/[\s,;]+/).filter((text) => text !== "");
  const isWhole = [name, clientId, subdomain].every((text) => text !== "") && mids.length > 0;
  if (!isWhole || !mids.every((text) => /^\d{1,15}$/.test(text))) return undefined;
  return { name, subdomain, clientId, clientSecret: values.clientSecret.trim(), mids: mids.map(Number) };
}

async function send(known: Connection | undefined, wanted: NewConnection): Promise<void> {
  const client = engine({ patienceMs });
  if (known === undefined) return void (await client.addConnection(wanted));
  const { name, clientSecret, mids } = wanted;
  await client.changeConnection(known.id, {
    ...(name !== known.name && { name }),
    ...(clientSecret !== "" && { clientSecret }),
    ...(mids.join() !== known.mids.join() && { mids }),
  });
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
