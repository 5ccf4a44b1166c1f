/** Parses a JSON text. @returns undefined for any other text, which no schema accepts as a message */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
