/** A part of a text, as offsets; `to` is exclusive. */
export type Span = { from: number; to: number };

/** Finds a word in a text. Both are in lower case. Spans may overlap. */
export function* occurrencesOf(word: string, lower: string): Generator<Span> {
  if (word === "") return;
  for (let from = lower.indexOf(word); from >= 0; from = lower.indexOf(word, from + 1)) {
    yield { from, to: from + word.length };
  }
}

/** Whether a span is not part of a longer word. */
export function isApart(text: string, { from, to }: Span): boolean {
  const part = /[\p{L}\p{N}_]/u;
  const isCutBefore = part.test(text.charAt(from - 1)) && part.test(text.charAt(from));
  return !isCutBefore && !(part.test(text.charAt(to)) && part.test(text.charAt(to - 1)));
}

/** Lowers a text character by character. When a letter would become two, the text stays as it is. */
export function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** Replaces each span of a text. Overlapping spans are replaced together. */
export function replaced(text: string, spans: readonly Span[], by: (part: string) => string): string {
  let shown = "";
  let at = 0;
  for (const { from, to } of united(spans)) {
    shown += text.slice(at, from) + by(text.slice(from, to));
    at = to;
  }
  return shown + text.slice(at);
}

function united(spans: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = whole.at(-1);
    if (last === undefined || span.from >= last.to) whole.push({ ...span });
    else last.to = Math.max(last.to, span.to);
  }
  return whole;
}
