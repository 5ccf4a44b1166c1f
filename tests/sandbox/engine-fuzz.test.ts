import { afterAll, expect, it } from "vitest";
import { openRandom } from "../../sandbox/random.ts";
import { openFilled, scope } from "./support/engine.ts";

const random = openRandom(20_260_116);
const engines = [openFilled({ rules: "mce" }), openFilled({ rules: "off", cte: true })] as const;
afterAll(() => engines.forEach((engine) => engine.close()));

const whole = [
  "SELECT TOP 5 p.Name, COUNT(*) AS n FROM People p LEFT JOIN Orders o ON o.PersonId = p.Id WHERE p.Name LIKE '[a-c]%' GROUP BY p.Name ORDER BY n DESC",
  "SELECT CASE WHEN Pay > 50.5 THEN 'much' ELSE NULL END AS x, ISNULL(City, '?') AS c FROM People WHERE Born BETWEEN '1990-01-01' AND GETDATE()",
  "SELECT x.Id, DATEDIFF(day, x.Born, '2026-01-01') AS d FROM (SELECT Id, Born, ROW_NUMBER() OVER (PARTITION BY City ORDER BY Pay) AS rn FROM People) x WHERE rn = 1",
  "SELECT CONVERT(varchar(10), Placed, 120) AS d, SUM(Qty * Price) AS total FROM Orders GROUP BY CONVERT(varchar(10), Placed, 120) HAVING SUM(Qty) > 1",
  "SELECT Name FROM People WHERE Id IN (SELECT PersonId FROM Orders) EXCEPT SELECT Item FROM Orders UNION ALL SELECT CONCAT(City, '-', Age) FROM People",
  "SELECT s.value, STUFF((SELECT ',' + Item FROM Orders FOR XML PATH('')), 1, 1, '') AS items FROM People CROSS APPLY STRING_SPLIT(Name, 'i') s",
];
const words =
  "SELECT FROM WHERE GROUP BY ORDER HAVING UNION ALL TOP DISTINCT CASE WHEN THEN END NULL NOT IN EXISTS LIKE IS AS ON JOIN LEFT OVER ( ) , . * + - / % = < > '' 'a' 1 0 2.5 1e9 99999999999 [x] \" @v #t ; -- /* */ COUNT(*) SUM(Qty) GETDATE() CAST(1 AS int) p. People Orders Id Name Qty 0x1F N'é' é \u0000 💥".split(
    " ",
  );
const pick = <T>(list: readonly T[]): T => list[random.between(0, list.length - 1)] as T;

/** A query with one to three of its words cut, doubled, swapped or replaced, or its text cut in the middle. */
function broken(): string {
  const parts = pick(whole).split(/(?<=[\s(),.])|(?=[(),.])/);
  for (let times = random.between(1, 3); times > 0; times -= 1) {
    const [at, other] = [random.between(0, parts.length - 1), random.between(0, parts.length - 1)];
    const [one = "", two = ""] = [parts[at], parts[other]];
    switch (random.between(0, 4)) {
      case 0:
        parts.splice(at, 1);
        break;
      case 1:
        parts.splice(at, 0, one);
        break;
      case 2:
        [parts[at], parts[other]] = [two, one];
        break;
      case 3:
        parts[at] = `${pick(words)} `;
        break;
      default:
        parts.splice(at, 0, ` ${pick(words)} `);
    }
  }
  const text = parts.join("");
  return random.between(0, 9) === 0 ? text.slice(0, random.between(0, text.length)) : text;
}

it("600 broken queries are each answered: rows, or a refusal that says why", () => {
  const seen = { rows: 0, refused: 0, unsupported: 0 };
  for (let round = 0; round < 600; round += 1) {
    const sql = broken();
    for (const engine of engines) {
      const answer = engine.select(sql, scope);
      if (answer.kind === "rows") seen.rows += 1;
      else {
        expect(answer.message.length, sql).toBeGreaterThan(10);
        // SQLite's own words mean that the translator made a text it should have refused.
        expect(answer.message, sql).not.toContain("cannot run this query");
        seen[answer.unsupported === true ? "unsupported" : "refused"] += 1;
      }
    }
  }
  expect(seen.rows).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(300);
  for (const engine of engines) expect(engine.select("SELECT 1 AS x", scope)).toMatchObject({ rows: [["1"]] });
});

it("deep and long texts end in an answer too", () => {
  const [engine] = engines;
  const texts = [
    `SELECT ${"(".repeat(3000)}1${")".repeat(3000)} AS x`,
    `SELECT 1 AS x WHERE ${Array.from({ length: 5000 }, () => "1 = 1").join(" AND ")}`,
    `SELECT ${Array.from({ length: 2500 }, (_, at) => `${at} AS c${at}`).join(", ")}`,
    `SELECT 1 AS x WHERE 5 IN (${Array.from({ length: 20_000 }, (_, at) => at).join(", ")})`,
    Array.from({ length: 300 }, () => "SELECT 1 AS x").join(" UNION ALL "),
    `SELECT ${"CASE WHEN 1 = 1 THEN ".repeat(200)}1${" END".repeat(200)} AS x`,
    `SELECT ${"ISNULL(".repeat(500)}1${", 2)".repeat(500)} AS x`,
    `SELECT * FROM ${"(SELECT * FROM ".repeat(100)}People${") x".repeat(100)}`,
  ];
  for (const sql of texts) {
    const answer = engine.select(sql, scope);
    if (answer.kind === "refused") expect(answer.message.length, sql.slice(0, 60)).toBeGreaterThan(10);
    else expect(answer.rows.length).toBeGreaterThan(0);
  }
});
