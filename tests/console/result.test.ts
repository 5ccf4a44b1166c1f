import { describe, expect, it } from "vitest";
import { resultState } from "#console/result/result-state.ts";
import { placesIn } from "#console/result/states/places-in.ts";
import { spanWords } from "#console/result/times.ts";
import { nodesLike, nodesOf } from "#console/schema/nodes.ts";

const run = (members: object) => ({
  id: "r1",
  status: "ready" as const,
  version: 3,
  flow: "run-to-temp" as const,
  createdAt: "2026-01-01T00:00:00Z",
  links: { self: "", events: "", results: "", cancel: "" },
  ...members,
});
const job = (members: object) => ({ sentAt: 1, asked: { page: 1 }, ...members });
const refusal = (code: string, more: object = {}) => ({ code, status: 422, detail: "x", ...more });

describe("resultState()", () => {
  it.each([
    [undefined, "nothing"],
    [job({}), "sending"],
    [job({ run: run({ status: "queued" }) }), "waiting"],
    [job({ run: run({ status: "running" }) }), "running"],
    [job({ run: run({}) }), "loading"],
    [job({ run: run({}), page: { rows: [] } }), "rows"],
    [job({ run: run({ flow: "run-to-target" }) }), "into-target"],
    [job({ run: run({ status: "failed", error: { code: "TIMEOUT" } }) }), "failed"],
    [job({ run: run({ status: "failed", error: { code: "OUTCOME_UNKNOWN" } }) }), "unknown"],
    [job({ run: run({ status: "canceled" }) }), "stopped"],
    [job({ refusal: refusal("SQL_REJECTED", { diagnostics: [] }) }), "rejected"],
    [job({ refusal: refusal("MCE_ERROR") }), "refused"],
    [job({ run: run({ status: "running" }), refusal: { ...refusal("UNAUTHENTICATED"), status: 401 } }), "running"],
    [job({ run: run({}), isDiscarded: true }), "discarded"],
    [job({ run: run({}), pageRefusal: refusal("RESULT_EXPIRED") }), "expired"],
    [job({ run: run({}), page: { rows: [] }, pageRefusal: refusal("RESULT_EXPIRED") }), "expired"],
    [job({ run: run({}), page: { rows: [] }, pageRefusal: refusal("MCE_BUSY") }), "rows"],
  ] as const)("of a job, case %#", (known, kind) => {
    expect(resultState(known).kind).toBe(kind);
  });
});

describe("placesIn()", () => {
  it("finds the places that each line of a detail names", () => {
    expect(placesIn("Line 1, column 27: Customers has no column Nme\nLine 2, column 1: LIMIT does not exist")).toEqual([
      { line: 1, column: 27, message: "Customers has no column Nme" },
      { line: 2, column: 1, message: "LIMIT does not exist" },
    ]);
  });
  it("leaves a detail alone that says something else, too", () => {
    expect(placesIn("Line 1, column 27: a\nand more")).toBeUndefined();
  });
});

describe("spanWords()", () => {
  it.each([
    [840, "0.8 s"],
    [12_400, "12 s"],
    [185_000, "3 min 05 s"],
  ])("says %d ms as %s", (ms, words) => {
    expect(spanWords(ms)).toBe(words);
  });
});

const folder = { id: 7, name: "Audiences", parentId: 1, kind: "data-extension" };
const root = { id: 1, name: "Data Extensions", parentId: 0, kind: "data-extension" };
const table = (name: string, folderId: number) => ({ name, kind: "data-extension" as const, folderId });
const catalogue = {
  tables: [table("VIP", 7), table("Customers", 1), table("More customers", 1)],
  folders: [root, folder],
  isListed: true,
  fields: new Map([
    [
      "vip",
      {
        readAt: 0,
        known: {
          name: "VIP",
          kind: "data-extension" as const,
          fields: [{ name: "CustomerKey", type: "Text", isPrimaryKey: true, isRequired: true }],
        },
      },
    ],
  ]),
  functions: new Map(),
  views: new Map(),
};
const lines = (nodes: ReturnType<typeof nodesOf>) => nodes.map(({ id, level }) => `${level} ${id}`);

describe("nodesOf()", () => {
  it("shows what is open, folders before tables, the folder at the top left out", () => {
    const open = new Set(["root:data-extension", "folder:data-extension:7", "table:VIP"]);
    expect(lines(nodesOf(catalogue, open))).toEqual([
      "1 root:data-extension",
      "2 folder:data-extension:7",
      "3 table:VIP",
      "4 table:VIP:CustomerKey",
      "2 table:Customers",
      "2 table:More customers",
      "1 root:shared",
      "1 root:synchronized",
      "1 root:data-view",
    ]);
  });
});

describe("nodesLike()", () => {
  it("finds tables by name, then by a field", () => {
    expect(lines(nodesLike(catalogue, "customer", new Set()))).toEqual([
      "1 table:Customers",
      "1 table:More customers",
      "1 table:VIP",
    ]);
  });
});
