let counts: Record<string, number> = {};

/** Counts one answer that was checked against openapi.json. */
export function countAnswer(answer: string): void {
  counts[answer] = (counts[answer] ?? 0) + 1;
}

/** Takes the counts since the last call. */
export function takeCounts(): Readonly<Record<string, number>> {
  const taken = counts;
  counts = {};
  return taken;
}
