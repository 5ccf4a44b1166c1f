import { useState } from "react";
import type { ApiKey, NewApiKey } from "#client/account-types.ts";
import { engine } from "../../engine/engine.ts";
import { Button } from "../../parts/button.tsx";
import { copyText } from "../../parts/copy.ts";
import { SureButton } from "../../parts/sure-button.tsx";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import { NewKey } from "./new-key.tsx";
import css from "./settings.module.css";
import { Shown } from "./shown.tsx";
import { refusalOf, useList } from "./use-list.ts";
import { day } from "./when.ts";

/** A person's API keys. */
export function Keys() {
  const { keys } = words.settings;
  const [made, setMade] = useState<NewApiKey>();
  const listed = useList(async () => (await engine().keys()).keys);
  const revoke = async (id: string) => {
    const refusal = await refusalOf(() => engine().revokeKey(id));
    if (refusal !== undefined) say(refusal.detail);
    await listed.reload();
  };
  return (
    <>
      <p className={css["lead"]}>{keys.lead}</p>
      {made === undefined ? (
        <NewKey
          onMade={(key) => {
            setMade(key);
            void listed.reload();
          }}
        />
      ) : (
        <Once made={made} onDone={() => setMade(undefined)} />
      )}
      <Shown label={words.settings.areas.keys} listed={listed} none={keys.none} head={keys.head}>
        {(key) => <Line key={key.id} apiKey={key} onRevoke={() => void revoke(key.id)} />}
      </Shown>
    </>
  );
}

function Line({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { keys } = words.settings;
  const { id, name, scopes, lastUsedAt, expiresAt } = apiKey;
  const isOver = expiresAt !== undefined && Date.parse(expiresAt) < Date.now();
  return (
    <tr>
      <td>
        {name}
        <small className={css["id"]}>{id}</small>
      </td>
      <td>
        {scopes
          .map((scope) => (scope in keys.scopes ? keys.scopes[scope as keyof typeof keys.scopes] : scope))
          .join(", ")}
      </td>
      <td className={css["when"]}>{lastUsedAt === undefined ? keys.never : day(lastUsedAt)}</td>
      <td className={isOver ? css["problem"] : undefined}>{expiresAt === undefined ? "" : day(expiresAt)}</td>
      <td>
        <SureButton label={keys.revoke} sure={keys.revokeSure} onSure={onRevoke} />
      </td>
    </tr>
  );
}

function Once({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const { keys } = words.settings;
  return (
    <section className={css["once"]} aria-label={keys.made(made.name)}>
      <p role="status">{keys.made(made.name)}</p>
      <code className={css["secret"]}>{made.key}</code>
      <div className={css["actions"]}>
        <Button look="primary" autoFocus onPress={() => copyText(made.key) && say(words.copied)}>
          {keys.copy}
        </Button>
        <Button onPress={onDone}>{keys.done}</Button>
      </div>
    </section>
  );
}
