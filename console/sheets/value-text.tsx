import { Button } from "../parts/button.tsx";
import { copyText } from "../parts/copy.ts";
import { say } from "../state/state.ts";
import { words } from "../words/en.ts";
import css from "./sheets.module.css";

/** A value that somebody wants to see whole. */
export type Viewed = { name: string; type: string; value: string };

/** A whole value: long text as text, JSON in lines. HTML is shown as text, never as a page. */
export function ValueText({ type, value }: Pick<Viewed, "type" | "value">) {
  return (
    <>
      <p className={css["dim"]}>
        {type} · {words.sheets.value.length(value.length)}
      </p>
      {/* Long values scroll, which keys have to reach. */}
      <pre className={css["text"]} tabIndex={0}>
        {inLines(value)}
      </pre>
    </>
  );
}

/** Copies a whole value. */
export function CopyValue({ value }: Pick<Viewed, "value">) {
  return <Button onPress={() => copyText(value) && say(words.copied)}>{words.copy}</Button>;
}

function inLines(value: string): string {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
