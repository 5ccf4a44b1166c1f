import type { Completion } from "@codemirror/autocomplete";

const behindTable = "AS INNER&JOIN LEFT&JOIN RIGHT&JOIN FULL&JOIN CROSS&JOIN JOIN ON WHERE GROUP&BY ORDER&BY UNION&ALL";
const inExpression = "AND OR NOT IN LIKE BETWEEN IS&NULL IS&NOT&NULL EXISTS CASE WHEN THEN ELSE END NULL";

/** What may follow in each clause; `&` stands for a blank. */
const byClause: Readonly<Record<string, string>> = {
  "": "SELECT WITH",
  SELECT: `DISTINCT TOP FROM AS OVER PARTITION&BY ${inExpression}`,
  FROM: behindTable,
  ON: `${behindTable} ${inExpression}`,
  WHERE: `${inExpression} GROUP&BY ORDER&BY UNION&ALL SELECT`,
  "GROUP BY": "HAVING ORDER&BY",
  HAVING: `${inExpression} ORDER&BY`,
  "ORDER BY": "ASC DESC OFFSET ROWS FETCH&NEXT",
};

/** The keywords that may stand in a clause. */
export function keywordOptions(clause: string): Completion[] {
  const words = byClause[clause] ?? inExpression;
  return words.split(" ").map((word) => {
    const label = word.replaceAll("&", " ");
    return { label, type: "keyword", boost: -1, apply: `${label} ` };
  });
}
