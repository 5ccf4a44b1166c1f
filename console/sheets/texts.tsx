import { engine } from "../engine/engine.ts";
import { Button } from "../parts/button.tsx";
import { copyText } from "../parts/copy.ts";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { parametersOf } from "../run/parameters.ts";
import { say, usePage } from "../state/state.ts";
import { activeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";
import { useAsked } from "./use-asked.ts";

/** The texts that are made of a query: what runs, and what to save in Automation Studio. */
export function Texts() {
  const { sql, parameters } = usePage(activeTab);
  const { texts } = words.sheets;
  const values = parametersOf(sql, parameters);
  const asked = useAsked(sql, (signal) =>
    engine().check(sql, { validate: false, signal, ...(values.length > 0 && { parameters: values }) }),
  );
  const { runs, portable } = asked?.value ?? {};
  return (
    <SheetFrame
      title={texts.title}
      size="large"
      foot={
        portable !== undefined && (
          <Button look="primary" onPress={() => copyText(portable) && say(words.copied)}>
            {texts.copyPortable}
          </Button>
        )
      }
    >
      {asked === undefined && <p role="status">{words.editor.checking}</p>}
      {asked?.refusal !== undefined && <p role="alert">{asked.refusal}</p>}
      {asked?.value !== undefined && runs === undefined && <p>{texts.none}</p>}
      {runs !== undefined && <Block title={texts.runs} detail={texts.runsDetail} text={runs} />}
      {portable !== undefined && <Block title={texts.portable} detail={texts.portableDetail} text={portable} />}
    </SheetFrame>
  );
}

function Block({ title, detail, text }: { title: string; detail: string; text: string }) {
  return (
    <section className={css["block"]}>
      <h3>{title}</h3>
      <p className={css["dim"]}>{detail}</p>
      <pre className={css["text"]} tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}
