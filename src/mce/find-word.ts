/** A part of a text, as offsets. */
export type Span = { from: number; to: number };

/** Where a word, in lower case, stands in a text in any case. Spans may overlap. */
export function* occurrencesOf(word: string, lower: string): Generator<Span> {
  if (word === "") return;
  for (let from = lower.indexOf(word); from >= 0; from = lower.indexOf(word, from + 1)) {
    yield { from, to: from + word.length };
  }
}

/** Whether a span is no part of a longer word. */
export function isApart(text: string, { from, to }: Span): boolean {
  const part = /[\p{L}\p{N}_]/u;
  const isCutBefore = part.test(text.charAt(from - 1)) && part.test(text.charAt(from));
  return !isCutBefore && !(part.test(text.charAt(to)) && part.test(text.charAt(to - 1)));
}

/** A text in lower case, place for place: a letter that would become two leaves all as they are. */
export function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** The text with another in place of each span; spans that overlap are one. */
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
