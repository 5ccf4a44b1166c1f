import { beforeEach, describe, expect, it, vi } from "vitest";
import { keepWidth, widthKept } from "#console/result/grid/widths.ts";
import { kept } from "#console/state/kept.ts";
import { ownSnippets, removeSnippet, saveSnippet, snippetLimits } from "#console/state/own-snippets.ts";

// What docs/reliability.md, "What grows", says of the browser. Node has no storage of a browser.
beforeEach(() => {
  const stored = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
    removeItem: (key: string) => void stored.delete(key),
  });
  return () => vi.unstubAllGlobals();
});

it("300 widths are kept, and the one set longest ago goes", () => {
  for (let index = 0; index < 300; index += 1) keepWidth(`c${index}`, 100);
  // A width that is set again is a new one.
  keepWidth("c0", 120);
  keepWidth("more", 100);
  expect(Object.keys(Object(kept("widths")))).toHaveLength(300);
  expect([widthKept("c0"), widthKept("c1"), widthKept("c2"), widthKept("more")]).toEqual([120, undefined, 100, 100]);
});

describe("snippets", () => {
  beforeEach(() => {
    for (const { name } of ownSnippets()) removeSnippet(name);
  });

  it("200 are kept; one more is refused, and one in place of another is not", () => {
    for (let index = 0; index < snippetLimits.count; index += 1)
      expect(saveSnippet(`s${index}`, "SELECT 1")).toBe(true);
    expect(saveSnippet("one more", "SELECT 1")).toBe(false);
    expect(saveSnippet("S7", "SELECT 2")).toBe(true);
    expect(ownSnippets()).toHaveLength(200);
    removeSnippet("S7");
    expect(saveSnippet("one more", "SELECT 1")).toBe(true);
  });

  it("a text of more than 20,000 characters is refused", () => {
    expect(saveSnippet("long", "x".repeat(20_001))).toBe(false);
    expect(saveSnippet("long", "x".repeat(20_000))).toBe(true);
  });
});
