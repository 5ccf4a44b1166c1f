import type { Completion } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import type { Field } from "#client/schema-types.ts";

/** Writes a completion in place of what was typed, and of the brackets around it. */
export function applying(text: string): NonNullable<Completion["apply"]> {
  return (view: EditorView, _, from: number, to: number) => {
    const isBracketed = from > 0 && view.state.sliceDoc(from - 1, from) === "[";
    const isClosed = isBracketed && view.state.sliceDoc(to, to + 1) === "]";
    const start = isBracketed ? from - 1 : from;
    view.dispatch({
      changes: { from: start, to: isClosed ? to + 1 : to, insert: text },
      selection: { anchor: start + text.length },
      userEvent: "input.complete",
    });
  };
}

/** The type of a field in few words: `Text 50`, `Decimal 12,2`. */
export function typeOf({
  type,
  maxLength,
  precision,
  scale,
}: Pick<Field, "type" | "maxLength" | "precision" | "scale">) {
  if (maxLength !== undefined) return `${type} ${maxLength}`;
  return precision === undefined ? type : `${type} ${precision},${scale ?? 0}`;
}
