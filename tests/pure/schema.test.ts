import { describe, expect, it } from "vitest";
import { NameCursor, writeCursor, type NamePlace } from "#api/parts.ts";
import { catalogueOf } from "../../src/worker/schema/catalogue.ts";
import { pageByName } from "../../src/worker/schema/by-name.ts";
import { openKeptList } from "../../src/worker/schema/kept-list.ts";
import { readTableName } from "../../src/worker/schema/table-name.ts";
import { platformWith } from "../support/platform.ts";

describe("readTableName()", () => {
  it.each([
    ["Customers", { name: "Customers", ent: false }],
    ["[My table]", { name: "My table", ent: false }],
    ["ent.[My table]", { name: "My table", ent: true }],
    ["[Ent].Suppression", { name: "Suppression", ent: true }],
    ["Entries", { name: "Entries", ent: false }],
    ["../../etc", { name: "../../etc", ent: false }],
    ["'; DROP", { name: "'; DROP", ent: false }],
  ])("reads %s", (text, ref) => {
    expect(readTableName(text)).toEqual(ref);
  });

  it.each(["", "  ", "[]", "Ent.", "a\0b", "a\u0001b", "\ud800"])("takes %j for no name", (text) => {
    expect(readTableName(text)).toBeUndefined();
  });
});

it("readTableName() takes more than MCE's 128 characters for no name", () => {
  expect([readTableName("x".repeat(128)), readTableName("x".repeat(129))]).toEqual([expect.anything(), undefined]);
});

describe("catalogueOf()", () => {
  const found = (name: string, rest: object = {}) => ({ name, customerKey: name, isEnterprises: false, ...rest });
  const folders = [{ id: 7, name: "Shared", parentId: 0, kind: "shared" as const }];

  it("takes of the enterprise's tables those in shared folders, and leaves out our own temporary ones", () => {
    const { byName } = catalogueOf(
      [
        found("Mine"),
        found("QPP_x", { customerKey: "QPP_0123456789abcdef0123456789abcd_1" }),
        found("Theirs", { isEnterprises: true, folderId: 3 }),
        found("Ours", { isEnterprises: true, folderId: 7 }),
        found("_Sent"),
      ],
      folders,
      0,
      (key) => key.startsWith("QPP_"),
    );
    const extensions = [...byName.values()].filter(({ kind }) => kind !== "data-view").map(({ name }) => name);
    expect(extensions).toEqual(["Mine", "Ent.Ours"]);
    expect(byName.get("_sent")).toEqual({ name: "_Sent", kind: "data-view" });
  });

  it("cuts long descriptions, because thousands are kept", () => {
    const { byName } = catalogueOf([found("Mine", { description: "x".repeat(4000) })], [], 0, () => false);
    expect(byName.get("mine")?.description).toHaveLength(300);
  });
});

describe("pageByName()", () => {
  const list = ["a order", "Order", "Order items", "reorder", "x"].map((name) => ({ name }));

  it("gives names that begin with the text first, page after page, each once", () => {
    const seen: string[] = [];
    let after: NamePlace | undefined;
    do {
      const { entries, last } = pageByName(list, { q: "ORDER", limit: 1, after });
      seen.push(...entries.map(({ name }) => name));
      after = last && NameCursor.parse(writeCursor(last));
    } while (after !== undefined);
    expect(seen).toEqual(["Order", "Order items", "a order", "reorder"]);
  });

  it("goes on behind a name that was removed meanwhile", () => {
    const after = { rank: 0, name: "order a" } as const;
    expect(pageByName(list, { limit: 2, after }).entries.map(({ name }) => name)).toEqual(["Order items", "reorder"]);
  });
});

describe("NameCursor", () => {
  it.each(["", "x", "0%", "2abc", "1%ff"])("refuses %j", (text) => {
    expect(NameCursor.safeParse(text).success).toBe(false);
  });
});

describe("openKeptList()", () => {
  const unit = { tenantId: "t", mid: 1, eid: 1 };
  const open = () => {
    const clock = { now: 0 };
    const kept = openKeptList<readonly number[]>(platformWith({ now: () => clock.now }), (list) => list.length);
    let loads = 0;
    const load = (list: readonly number[] = [1]) => {
      loads += 1;
      return Promise.resolve({ ok: true as const, value: list });
    };
    return { clock, kept, load, loads: () => loads };
  };

  it("loads a list once in five minutes, and again when asked to", async () => {
    const { clock, kept, load, loads } = open();
    await Promise.all([kept.read(unit, load), kept.read(unit, load)]);
    await kept.read(unit, load);
    expect(loads()).toBe(1);
    await kept.read(unit, load, true);
    expect(loads()).toBe(2);
    clock.now = 5 * 60_000;
    await kept.read(unit, load);
    expect(loads()).toBe(3);
  });

  it("keeps lists of 60,000 entries in all, and never shows one business unit another's", async () => {
    const { kept, load } = open();
    const list = Array.from({ length: 25_000 }, (_, at) => at);
    for (const mid of [1, 2, 3]) await kept.read({ ...unit, mid }, () => load(list));
    expect([1, 2, 3, 4].map((mid) => kept.peek({ ...unit, mid })?.length)).toEqual([
      undefined,
      25_000,
      25_000,
      undefined,
    ]);
    expect(kept.peek({ ...unit, tenantId: "other", mid: 2 })).toBeUndefined();
  });
});
