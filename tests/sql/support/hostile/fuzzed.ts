import { scan } from "#sql/syntax/scan.ts";
import { generated } from "../../syntax/support/generate.ts";
import { filled, type Kind } from "./growth.ts";

type Dice = (sides: number) => number;

const soup = (
  "SELECT FROM WHERE JOIN LEFT ON GROUP BY HAVING ORDER UNION ALL TOP DISTINCT CASE WHEN THEN ELSE END AND OR NOT IN LIKE " +
  "BETWEEN IS NULL EXISTS CAST CONVERT AS OVER PARTITION WITHIN PIVOT UNPIVOT FOR XML JSON PATH OPTION WITH VALUES CROSS " +
  "APPLY OUTER OPENJSON COLLATE AT TIME ZONE ESCAPE OFFSET ROWS FETCH NEXT ONLY INTO WINDOW GROUPING SETS ROLLUP a t.b " +
  "Wide w.F1 w.* _Sent [c] \"d\" 'e' N'f' 1 2.5 0x1 $3 @v #w ( ) ( ) ( ) , , . ; * + - / % = < > <> != ! ~ :: : { } [ ' " +
  '" /* */ -- ? \\ \n'
).split(" ");

const heads = [
  "",
  "SELECT ",
  "SELECT Id FROM ",
  "SELECT Id FROM Wide WHERE ",
  "SELECT * FROM Wide w JOIN Wide v ON ",
  "SELECT * FROM (SELECT ",
];
const joints = [" ", ",", " UNION ALL ", " AND ", " JOIN ", "("];

function one(dice: Dice, list: readonly string[]): string {
  return list[dice(list.length)] ?? "";
}

/** A word of SQL, or something between words. */
export function soupWord(dice: Dice): string {
  return one(dice, soup);
}

/** A text with a few of its tokens left out, doubled, replaced or swapped. */
export function mutated(text: string, dice: Dice): string {
  const words = scan(text).tokens.map(({ start, end }) => text.slice(start, end));
  for (let count = 1 + dice(4); count > 0 && words.length > 0; count -= 1) {
    const at = dice(words.length);
    const kind = dice(5);
    if (kind === 0) words.splice(at, 1);
    else if (kind === 1) words.splice(at, 0, words[at] ?? "");
    else if (kind === 2) words.splice(at, 1 + dice(6));
    else if (kind === 3) words.splice(at, 0, soupWord(dice));
    else words.splice(at, 2, words[at + 1] ?? "", words[at] ?? "");
  }
  return words.join(dice(10) === 0 ? "\n" : " ");
}

/** Grown from dice: soups, a mutated query again and again, and `kinds` that are broken somewhere or run into one another. */
export function fuzzedText(dice: Dice, maxLength: number, kinds: readonly Kind[]): string {
  const kind = () => kinds[dice(kinds.length)] ?? (() => "");
  switch (dice(4)) {
    case 0:
      return (
        one(dice, heads) +
        filled(`${Array.from({ length: 1 + dice(9) }, () => soupWord(dice)).join(" ")} `, maxLength - 40)
      );
    case 1: {
      const query = mutated(generated(dice).sql.replaceAll(/Members|Orders/g, "Wide"), dice);
      return filled(query + one(dice, joints), maxLength).slice(0, maxLength);
    }
    case 2: {
      const text = kind()(maxLength - 20);
      const at = dice(text.length);
      return `${text.slice(0, at)} ${soupWord(dice)} ${text.slice(at + dice(6))}`;
    }
    default:
      return kind()(maxLength / 2 - 10) + one(dice, joints) + kind()(maxLength / 2 - 10);
  }
}
