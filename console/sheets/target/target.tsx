import { useState } from "react";
import type { Target as RunTarget } from "#client/run-state.ts";
import { textToRun } from "../../editor/current-editor.ts";
import { engine } from "../../engine/engine.ts";
import { Button } from "../../parts/button.tsx";
import { SheetFrame } from "../../parts/sheet-frame.tsx";
import { parametersOf } from "../../run/parameters.ts";
import { runTab } from "../../run/run-tab.ts";
import { closeSheet, usePage } from "../../state/state.ts";
import { activeTab } from "../../state/tabs.ts";
import { words } from "../../words/en.ts";
import css from "../sheets.module.css";
import { useAsked } from "../use-asked.ts";
import { Fit } from "./fit.tsx";
import { NewFields } from "./new-fields.tsx";
import { PickTable, type Picked } from "./pick-table.tsx";

const { target: texts } = words.sheets;

/** Runs the query into a Data Extension: which, how, and whether its columns fit, before anything is written. */
export function Target() {
  const [{ sql }] = useState(textToRun);
  const parameters = parametersOf(
    sql,
    usePage((state) => activeTab(state).parameters),
  );
  const [picked, setPicked] = useState<Picked>();
  const [mode, setMode] = useState<RunTarget["mode"]>("append");
  const target = picked && { customerKey: picked.customerKey, mode };
  const asked = useAsked(`${picked?.customerKey}:${mode}`, (signal) =>
    engine().check(sql, {
      signal,
      validate: false,
      ...(target !== undefined && { target }),
      ...(parameters.length > 0 && { parameters }),
    }),
  );
  const fit = picked === undefined ? undefined : asked?.value?.target;
  const run = () => {
    if (picked === undefined) return;
    closeSheet();
    runTab({ target: { ...picked, mode } });
  };
  return (
    <SheetFrame
      title={texts.title}
      size="middle"
      foot={
        <>
          <Button onPress={closeSheet}>{words.cancel}</Button>
          <Button look={mode === "overwrite" ? "danger" : "primary"} isDisabled={fit?.fits !== true} onPress={run}>
            {texts.runs[mode]} {picked?.name ?? "…"}
          </Button>
        </>
      }
    >
      <PickTable onPick={setPicked} />
      <Modes mode={mode} onChange={setMode} />
      {picked === undefined && <p className={css["dim"]}>{texts.chooseFirst}</p>}
      {picked !== undefined && asked === undefined && <p role="status">{texts.checking}</p>}
      {asked?.refusal !== undefined && <p role="alert">{asked.refusal}</p>}
      {fit !== undefined && <Fit fit={fit} />}
      {picked !== undefined && asked?.value !== undefined && fit === undefined && (
        <p role="alert">{texts.cannotCompare}</p>
      )}
      {asked?.value !== undefined && fit?.fits !== true && <NewFields columns={asked.value.columns} />}
    </SheetFrame>
  );
}

function Modes({ mode, onChange }: { mode: RunTarget["mode"]; onChange: (mode: RunTarget["mode"]) => void }) {
  return (
    <fieldset className={css["fieldset"]}>
      <legend>{texts.mode}</legend>
      {(["append", "update", "overwrite"] as const).map((id) => (
        <label key={id} className={css["radio"]} data-bad={id === "overwrite" || undefined}>
          <input type="radio" name="mode" checked={mode === id} onChange={() => onChange(id)} />
          <span>
            <strong>{texts.modes[id][0]}</strong> <span className={css["dim"]}>{texts.modes[id][1]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
