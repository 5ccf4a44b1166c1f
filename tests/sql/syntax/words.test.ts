import { describe, expect, it } from "vitest";
import { readQuery } from "#sql/syntax/read-query.ts";
import { isReserved } from "#sql/syntax/reserved.ts";
import { printedQuery } from "./support/print.ts";

/** Words that mean something somewhere in SQL, and are names everywhere in T-SQL. */
const ordinary = (
  "window sample sort start format limit output partition settings before offset match member exclude action after apply " +
  "array at auto begins body both cache call cast category cluster comment committed connect count cube cycle data date " +
  "datetime day days delta descriptor domain elements email enum error event every exec_time explain extract field fields " +
  "filter final first following float found global grouping groups hash hour hours ignore include inherit input instance " +
  "interval json label lag language last lateral lead leading level list local location lock loop map max measures method " +
  "min minute minus mode model month name names natural next nolock none nulls number object offline one only ordinality " +
  "others overlay owner parameter parse partitions password path pattern position preceding prewhere previous priority " +
  "privileges qualify query range ranges raw recursive regexp remote repeatable replace respect result rollup root row " +
  "row_number rows search second seconds sequence server session sets share show signed source sql state status steps " +
  "string substring sum system target temp temporary text ties time timestamp timezone trailing transform trim try_cast " +
  "type unbounded unknown unload unnest until using value variable version visible warehouse week within without work " +
  "xml xmlnamespaces year zone"
).split(" ");

/** Some that T-SQL keeps to itself. */
const kept = "add all key left plan user percent public order select external identity".split(" ");

describe("the words of readQuery()", () => {
  it.each(ordinary)("takes %s for a name wherever a name may stand", (word) => {
    const sql = `SELECT ${word}.a ${word}, ${word} AS ${word}, ${word} = 1 FROM t ${word}, ${word}, ${word} AS x WHERE ${word}.${word} = ${word} ORDER BY ${word}`;
    const { tree, problems } = readQuery(sql);
    expect(problems).toEqual([]);
    expect(printedQuery(tree)).toBe(
      `<${word}.a as ${word}, ${word} as ${word}, 1 as ${word} from t ${word}, ${word}, ${word} x where (${word}.${word} = ${word}) order ${word}>`,
    );
  });

  it.each(kept)("takes %s for a name in brackets only", (word) => {
    expect(isReserved(word.toUpperCase())).toBe(true);
    expect(readQuery(`SELECT [${word}] FROM [${word}] AS "${word}"`).problems).toEqual([]);
    expect(readQuery(`SELECT a AS ${word} FROM t`).problems).not.toEqual([]);
  });

  it.each([
    ["ORs", `SELECT a FROM t WHERE ${"a = 1 OR ".repeat(5000)}b = 2`],
    ["NOT LIKEs", `SELECT a FROM t WHERE ${"a NOT LIKE 'x' AND ".repeat(1000)}b = 2`],
    ["sums", `SELECT ${"a + ".repeat(5000)}b FROM t`],
    ["UNIONs", `${"SELECT a FROM t UNION ALL ".repeat(1000)}SELECT b FROM u`],
    ["parentheses", `SELECT ${"(".repeat(200)}a${")".repeat(200)} FROM t`],
    ["calls", `SELECT ${"REPLACE(".repeat(200)}a${", 'x', 'y')".repeat(200)} FROM t`],
    ["derived tables", `SELECT a FROM ${"(SELECT a FROM ".repeat(60)}t${") x".repeat(60)}`],
    ["CASEs", `SELECT ${"CASE WHEN a = 1 THEN ".repeat(120)}a${" END".repeat(120)} FROM t`],
    ["joins", `SELECT 1 FROM t ${Array.from({ length: 2000 }, (_, index) => `JOIN t t${index} ON 1=1`).join(" ")}`],
  ])("reads many %s without a problem", (_name, sql) => expect(readQuery(sql).problems).toEqual([]));
});
