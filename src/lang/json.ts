/** @returns the value of a JSON text; undefined for any other text, which no schema takes for a message */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
