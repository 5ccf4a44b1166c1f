import { engine } from "../../engine/engine.ts";
import { SureButton } from "../../parts/sure-button.tsx";
import { say } from "../../state/state.ts";
import { words } from "../../words/en.ts";
import { NewConnection } from "./new-connection.tsx";
import css from "./settings.module.css";
import { Shown } from "./shown.tsx";
import { refusalOf, useList } from "./use-list.ts";

/** The tenant's server-to-server packages. */
export function Connections() {
  const { connections } = words.settings;
  const listed = useList(async () => (await engine().connections()).connections);
  const remove = async (id: string) => {
    const refusal = await refusalOf(() => engine().removeConnection(id));
    if (refusal !== undefined) say(refusal.detail);
    await listed.reload();
  };
  return (
    <>
      <p className={css["lead"]}>{connections.lead}</p>
      <Shown label={words.settings.areas.connections} listed={listed} none={connections.none} head={connections.head}>
        {({ id, name, subdomain, clientId, mids }) => (
          <tr key={id}>
            <td>{name}</td>
            <td>
              <span className={css["id"]}>{subdomain}</span>
              <small className={css["id"]}>{clientId}</small>
            </td>
            <td>{mids.join(", ")}</td>
            <td>
              <SureButton label={connections.remove} sure={connections.removeSure} onSure={() => void remove(id)} />
            </td>
          </tr>
        )}
      </Shown>
      <NewConnection onAdded={() => void listed.reload()} />
    </>
  );
}
