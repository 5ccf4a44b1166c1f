import type { Token } from "../syntax/scan.ts";

const fromEnds = new Set(["SELECT", "ON", "WHERE", "GROUP", "HAVING", "ORDER", "UNION", "EXCEPT", "INTERSECT"]);
const tableWords = new Set(["FROM", "JOIN", "APPLY"]);

/** What stands between two parentheses, or outside all of them. */
type Frame = { isInFrom: boolean; hasSelect: boolean };

/** The indexes of the tokens that stand where FROM expects a table. */
export function tablePlaces(tokens: readonly Token[]): number[] {
  const places: number[] = [];
  const outer: Frame[] = [];
  let frame: Frame = { isInFrom: false, hasSelect: false };
  let isExpected = false;
  for (const [index, { upper }] of tokens.entries()) {
    if (upper === "SELECT") frame.hasSelect = true;
    // TRIM('x' FROM …) and IS DISTINCT FROM read no table.
    const isOther = upper === "FROM" && (!frame.hasSelect || tokens[index - 1]?.upper === "DISTINCT");
    if (upper === "(") {
      outer.push(frame);
      frame = { isInFrom: isExpected, hasSelect: false };
    } else if (upper === ")") {
      frame = outer.pop() ?? { isInFrom: false, hasSelect: true };
      isExpected = false;
    } else if (tableWords.has(upper) && !isOther) {
      frame.isInFrom = true;
      isExpected = true;
    } else if (fromEnds.has(upper)) {
      frame.isInFrom = false;
      isExpected = false;
    } else if (upper === ",") isExpected = frame.isInFrom;
    else {
      if (isExpected) places.push(index);
      isExpected = false;
    }
  }
  return places;
}
