import { useState } from "react";
import type { Connection } from "#client/administrator-types.ts";
import { engine } from "../../engine/engine.ts";
import { Button } from "../../parts/button.tsx";
import { SureButton } from "../../parts/sure-button.tsx";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import { ConnectionForm } from "./connection-form.tsx";
import css from "./settings.module.css";
import { Shown } from "./shown.tsx";
import { refusalOf, useList } from "./use-list.ts";

/** The tenant's server-to-server packages. */
export function Connections() {
  const { connections } = words.settings;
  const listed = useList(async () => (await engine().connections()).connections);
  const [changing, setChanging] = useState<Connection>();
  const remove = async (id: string) => {
    const refusal = await refusalOf(() => engine().removeConnection(id));
    if (refusal !== undefined) say(refusal.detail);
    if (changing?.id === id) setChanging(undefined);
    await listed.reload();
  };
  const onDone = () => {
    setChanging(undefined);
    void listed.reload();
  };
  return (
    <>
      <p className={css["lead"]}>{connections.lead}</p>
      <Shown label={words.settings.areas.connections} listed={listed} none={connections.none} head={connections.head}>
        {(connection) => {
          const { id, name, subdomain, clientId, mids } = connection;
          return (
            <tr key={id}>
              <td>{name}</td>
              <td>
                <span className={css["id"]}>{subdomain}</span>
                <small className={css["id"]}>{clientId}</small>
              </td>
              <td>{mids.join(", ")}</td>
              <td className={css["acts"]}>
                <Button look="quiet" onPress={() => setChanging(connection)}>
                  {connections.changeShort}
                </Button>
                <SureButton label={connections.remove} sure={connections.removeSure} onSure={() => void remove(id)} />
              </td>
            </tr>
          );
        }}
      </Shown>
      <ConnectionForm key={changing?.id ?? "new"} known={changing} onDone={onDone} />
    </>
  );
}
