import { useState, type SyntheticEvent } from "react";
import { Button } from "../parts/button.tsx";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { TextField } from "../parts/text-field.tsx";
import { moveTo } from "../session/business-unit.ts";
import { canKeep } from "../state/kept.ts";
import { usePage } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";

/** Goes to a business unit by its MID: Marketing Cloud tells nobody which ones there are for a person. */
export function Unit({ mid }: { mid: number | undefined }) {
  const { unit } = words.sheets;
  const isKept = usePage(({ preferences }) => preferences.keepsDrafts) && canKeep();
  const [text, setText] = useState(mid === undefined ? "" : String(mid));
  const [problem, setProblem] = useState<string>();
  const [isOnTheWay, setOnTheWay] = useState(false);
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    setOnTheWay(true);
    setProblem(await moveTo(Number(text)));
    setOnTheWay(false);
  };
  return (
    <SheetFrame title={unit.title} size="small">
      <form className={css["form"]} onSubmit={(event) => void submit(event)}>
        <TextField
          label={unit.label}
          detail={unit.detail}
          problem={problem}
          inputMode="numeric"
          autoComplete="off"
          autoFocus
          value={text}
          onChange={setText}
        />
        {!isKept && <p className={css["warn"]}>{unit.notKept}</p>}
        <Button type="submit" look="primary" isDisabled={isOnTheWay || !/^\d{1,15}$/.test(text)}>
          {unit.submit}
        </Button>
      </form>
    </SheetFrame>
  );
}
