import { expect, it } from "vitest";
import type { RunView } from "#run/view.ts";
import { ask, bodyOf, submit } from "./support/api.ts";
import { carol, stranger, type Person } from "./support/people.ts";
import { breakDown } from "./support/stand-ins.ts";
import { short } from "../support/titles.ts";

type List = { runs: RunView[]; nextCursor?: string };

async function list(person: Person, query = ""): Promise<List> {
  return bodyOf<List>(await ask(`/v1/runs${query}`, {}, person));
}

/** Submits runs one after the other; newest last. */
async function submitted(person: Person, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await submit("SELECT CustomerKey FROM Customers", person)).id);
  await expect.poll(async () => (await list(person)).runs).toHaveLength(count);
  return ids;
}

it("GET /v1/runs lists one's own runs, newest first, live ones too", async () => {
  const person = stranger();
  const ids = await submitted(person, 3);
  const { runs, nextCursor } = await list(person);
  expect(runs.map(({ id }) => id)).toEqual(ids.toReversed());
  expect(runs.map(({ status }) => status)).toEqual(["queued", "queued", "queued"]);
  expect(nextCursor).toBeUndefined();
});

it("GET /v1/runs returns every run once, page by page, though runs are added meanwhile", async () => {
  const person = stranger();
  const ids = await submitted(person, 5);
  const first = await list(person, "?limit=2");
  await submit("SELECT CustomerKey FROM Customers", person);
  const second = await list(person, `?limit=2&cursor=${first.nextCursor}`);
  const third = await list(person, `?limit=2&cursor=${second.nextCursor}`);
  const seen = [first, second, third].flatMap(({ runs }) => runs.map(({ id }) => id));
  expect(seen).toEqual(ids.toReversed());
  expect(third.nextCursor).toBeUndefined();
});

it("GET /v1/runs shows nothing of others, of the same tenant or another", async () => {
  const person = stranger();
  await submitted(person, 1);
  const colleague = stranger();
  expect(await list(colleague)).toEqual({ runs: [] });
  const foreigner = { ...carol, sub: person.sub };
  expect(await list(foreigner)).toEqual({ runs: [] });
});

const anyId = "a".repeat(30);

const refused = [
  "?limit=0",
  "?limit=101",
  "?limit=x",
  "?limit=1.5",
  "?cursor=x",
  "?cursor=2026-01-01T00:00:00.000Z_x",
  `?cursor=0000-01-01T00:00:00Z_${anyId}`,
  `?cursor=0000-01-01T00:00:00.000Z_${anyId}`,
  `?cursor=2026-01-01T00:00:00.${"0".repeat(200)}Z_${anyId}`,
];
it.each(refused.map((query) => [short(query), query] as const))("GET /v1/runs%s is refused", async (_, query) => {
  const answer = await ask(`/v1/runs${query}`);
  expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, "INVALID_BODY"]);
});

it("GET /v1/runs reports that Postgres is out of reach", async () => {
  const person = stranger();
  await breakDown("postgres", person.sub);
  const answer = await ask("/v1/runs", {}, person);
  expect([answer.status, (await bodyOf(answer)).code, answer.headers.get("retry-after")]).toEqual([
    503,
    "UNAVAILABLE",
    "5",
  ]);
});
