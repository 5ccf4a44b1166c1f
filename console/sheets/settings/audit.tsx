import { useEffect, useState } from "react";
import type { AuditEntry } from "#client/administrator-types.ts";
import { engine } from "../../engine/engine.ts";
import { useNarrow } from "../../app/use-narrow.ts";
import { Button } from "../../parts/button.tsx";
import { words } from "../../words/en.ts";
import css from "./settings.module.css";
import { Shown } from "./shown.tsx";
import { refusalOf, useList } from "./use-list.ts";
import { dayAndTime } from "./when.ts";

type Read = { value?: readonly AuditEntry[]; cursor?: string; refusal?: string };

/** Who did what in the tenant, newest first. */
export function Audit() {
  const { audit } = words.settings;
  const [read, setRead] = useState<Read>({});
  const more = async (cursor?: string) => {
    const refusal = await refusalOf(async () => {
      const page = await engine().audit({ limit: 50, ...(cursor !== undefined && { cursor }) });
      const next = page.cursor === undefined ? {} : { cursor: page.cursor };
      // The first page replaces what there is: it may be read twice.
      setRead(({ value = [] }) => ({
        value: cursor === undefined ? page.entries : [...value, ...page.entries],
        ...next,
      }));
    });
    if (refusal !== undefined) setRead((before) => ({ ...before, refusal: refusal.detail }));
  };
  useEffect(() => void more(), []);
  const members = useList(async () => (await engine().members()).members);
  const nameOf = (id: string) => members.value?.find((member) => member.id === id)?.name ?? id;
  const { cursor } = read;
  const isNarrow = useNarrow();
  return (
    <>
      <p className={css["lead"]}>{audit.lead}</p>
      <Shown
        label={words.settings.areas.audit}
        listed={{ ...read, reload: () => more() }}
        none={audit.none}
        head={isNarrow ? audit.narrowHead : audit.head}
      >
        {(entry) => <Line key={entry.id} entry={entry} who={nameOf(entry.userId)} isNarrow={isNarrow} />}
      </Shown>
      {cursor !== undefined && (
        <div>
          <Button onPress={() => void more(cursor)}>{audit.older}</Button>
        </div>
      )}
    </>
  );
}

type LineProps = { entry: AuditEntry; who: string; isNarrow: boolean };

/** On a narrow screen all stands below when it was, so that nobody has to scroll sideways. */
function Line({ entry: { at, actor, action, mid, detail }, who, isNarrow }: LineProps) {
  const { audit } = words.settings;
  const by = actor === "user" ? who : audit.actors[actor];
  return (
    <tr>
      <td className={css["when"]}>{dayAndTime(at)}</td>
      {!isNarrow && <td className={css["when"]}>{by}</td>}
      <td>
        {action}
        {isNarrow && <small>{[by, mid].filter((it) => it !== undefined).join(" · ")}</small>}
        <small>{detailOf(detail)}</small>
      </td>
      {!isNarrow && <td>{mid}</td>}
    </tr>
  );
}

/** Ids, names of settings and counts, in one line. */
function detailOf(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return "";
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" · ");
}
