import { Button } from "../parts/button.tsx";
import { copyText } from "../parts/copy.ts";
import { SheetFrame } from "../parts/sheet-frame.tsx";
import { say } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";

/** A whole value: long text as text, JSON in lines. HTML is shown as text, never as a page. */
export function Value({ name, type, value }: { name: string; type: string; value: string }) {
  const { sheets } = words;
  return (
    <SheetFrame
      title={sheets.value.title(name)}
      foot={<Button onPress={() => copyText(value) && say(words.copied)}>{words.copy}</Button>}
    >
      <p className={css["dim"]}>
        {type} · {sheets.value.length(value.length)}
      </p>
      {/* Long values scroll, which keys have to reach. */}
      <pre className={css["text"]} tabIndex={0}>
        {inLines(value)}
      </pre>
    </SheetFrame>
  );
}

function inLines(value: string): string {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
