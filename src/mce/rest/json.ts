/** @returns the parsed JSON text; undefined for anything else, so that one schema check tells both apart from an answer */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
