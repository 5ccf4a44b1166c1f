import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(`${root}docs/reliability.md`, "utf8");
const [, grows = ""] = page.split("\n## What grows\n");

it("docs/reliability.md says of each table of Postgres what bounds it", () => {
  const files = readdirSync(`${root}migrations`).filter((name) => name.endsWith(".sql"));
  const sql = files.map((name) => readFileSync(`${root}migrations/${name}`, "utf8")).join("\n");
  const tables = [...sql.matchAll(/create table (?:if not exists )?sqe\.(\w+)/gi)].map(([, name = ""]) => name);
  expect(tables.length).toBeGreaterThan(10);
  expect(tables.filter((name) => !grows.includes(`\`${name}\``))).toEqual([]);
});

it("docs/reliability.md names tests that exist", () => {
  const named = [...page.matchAll(/`(tests\/[\w/.-]+\.ts)`/g)].map(([, path = ""]) => path);
  expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
});
