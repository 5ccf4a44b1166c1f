const placesMax = 6;

/** The places in the code that threw an error, without its message, which may quote data and look like places itself. */
export function placesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const { stack = "", message } = error;
  const from = stack.indexOf(message);
  // A message that was changed later is not the one in the stack, and where that one ends cannot be told.
  if (from < 0) return [];
  const lines = stack.slice(from + message.length).split("\n");
  return lines
    .filter((line) => /^\s+at /.test(line))
    .slice(0, placesMax)
    .map((line) => line.trim());
}
