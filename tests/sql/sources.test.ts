import { expect, test } from "vitest";
import { sourcesOf } from "#sql/sources.ts";
import { targetReads } from "#sql/target-reads.ts";

test.each([
  ["SELECT 'a' AS A, N'b' AS B, X = 'c' FROM T", ["text a", "text b", "text c"]],
  ["SELECT NULL AS A, (NULL) AS B, ('b') AS C FROM T", ["null", "null", "text b"]],
  ["SELECT Name, LEFT(Name, 3) AS B, 5 AS C, 'a' + Name AS D FROM T", ["rows", "rows", "rows", "rows"]],
  ["SELECT 'a' AS A UNION SELECT 'bb'", undefined],
  ["SELECT FROM WHERE", undefined],
] as const)("sourcesOf(%j)", (sql, sources) => {
  expect(sourcesOf(sql)?.map((source) => (source.kind === "text" ? `text ${source.value}` : source.kind))).toEqual(
    sources,
  );
});

test.each([
  [{ name: "T" }, "SELECT A FROM t", 1],
  [{ name: "T" }, "SELECT A FROM Ent.[T]", 1],
  [{ name: "T", ent: false }, "SELECT A FROM Ent.T", 0],
  [{ name: "T", ent: true }, "SELECT A FROM Ent.T WHERE EXISTS (SELECT 1 FROM T)", 1],
  [{ name: "T", ent: true }, "SELECT A FROM T", 0],
  [{ name: "T" }, "SELECT T.A FROM U AS T", 0],
  [{ name: "T" }, "SELECT A FROM U WHERE A = 'T'", 0],
  [{ name: "T" }, "SELECT A FROM U UNION SELECT A FROM T UNION SELECT (SELECT MAX(B) FROM T)", 2],
] as const)("targetReads(%j) of %j", (target, sql, count) => {
  expect(targetReads(sql, target)).toHaveLength(count);
});
