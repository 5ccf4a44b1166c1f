import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asciiAssetNames, assetNames, customerKeyOf, readCustomerKey } from "#run/names.ts";
import { aRunId } from "../support/runs.ts";

describe("customerKeyOf()", () => {
  it("fills MCE's 36 characters exactly and reads back", () => {
    const key = customerKeyOf(aRunId, 3);
    expect(key).toBe("QPP_0123456789abcdef0123456789abcd_3");
    expect(key).toHaveLength(36);
    expect(readCustomerKey(key)).toEqual({ runId: aRunId, attempt: 3 });
  });

  it.each([
    "QPP_Orders_0123",
    "qpp_0123456789abcdef0123456789abcd_1",
    "QPP_0123456789abcdef0123456789abcd_0",
    "xQPP_0123456789abcdef0123456789abcd_1",
  ])("is not mistaken for somebody else's key %s", (key) => expect(readCustomerKey(key)).toBeUndefined());
});

describe("assetNames()", () => {
  it.each([
    ["Top customers", "QPP_Top customers_0123"],
    [undefined, "QPP_Results_0123"],
    ["  ", "QPP_Results_0123"],
    ["🎉🎉", "QPP_Results_0123"],
    ["<b>R&D</b> 'x'", "QPP_b R D b x_0123"],
    ["Größe\u0000\n2", "QPP_Größe 2_0123"],
    ["Gro\u0308ße", "QPP_Größe_0123"],
    ["顧客リスト", "QPP_顧客リスト_0123"],
    ["ハ\u3099ッチ", "QPP_バッチ_0123"],
    ["Клиенты: 2026/11", "QPP_Клиенты 2026 11_0123"],
    ["قائمة العملاء ٢٠٢٦", "QPP_قائمة العملاء ٢٠٢٦_0123"],
    ["می\u200cخواهم", "QPP_می خواهم_0123"],
    ["हिन्दी", "QPP_हिन्दी_0123"],
    ["𠮷野家", "QPP_𠮷野家_0123"],
    ["고객 목록", "QPP_고객 목록_0123"],
    ["a🎉b", "QPP_a b_0123"],
    ["🎉\u0301é", "QPP_é_0123"],
    ["\u0301\u0302", "QPP_Results_0123"],
    ["_\u0301-\u0301a", "QPP__-a_0123"],
    ["\ud842a\udfb7", "QPP_a_0123"],
    ["! @ # $ % ^ * ( ) = { } [ ] \\ . < > / \" ' : ? , + |x", "QPP_x_0123"],
    [`${"あ".repeat(54)}い`, `QPP_${"あ".repeat(54)}い_0123`],
    [`${"あ".repeat(55)}い`, `QPP_${"あ".repeat(55)}_0123`],
    ["𠮷".repeat(40), `QPP_${"𠮷".repeat(27)}_0123`],
    [`${"a".repeat(54)} b`, `QPP_${"a".repeat(54)}_0123`],
  ])("makes a legal name of the snippet %j", (snippet, name) => {
    expect(assetNames(aRunId, snippet)[0]).toBe(name);
  });

  it("takes a longer hash each time a name is taken", () => {
    expect(assetNames(aRunId, "A")).toEqual(["QPP_A_0123", "QPP_A_01234567", `QPP_A_${aRunId}`]);
  });

  /** Letters with and without marks, characters of two units, halves of them, signs. */
  const typed = fc.oneof(
    fc.string({ unit: "binary", maxLength: 500 }),
    fc
      .array(
        fc.constantFrom("a", "é", "e\u0301", "ハ\u3099", "ß", "𠮷", "🎉", "\ud842", "\u0301", "ि", " ", "_", "|", "٢"),
        {
          maxLength: 90,
        },
      )
      .map((units) => units.join("")),
  );

  it("stays legal, composed and within 64 characters, whatever the user typed", () => {
    fc.assert(
      fc.property(typed, (snippet) => {
        for (const name of assetNames(aRunId, snippet)) {
          expect(name).toMatch(/^QPP_(?:[\p{L}\p{N}]\p{M}*|[_ -])+_[0-9a-f]+$/u);
          expect(name).not.toMatch(/ {2}|^QPP_ | _[0-9a-f]{4,30}$/);
          expect(name.length).toBeLessThanOrEqual(64);
          expect(name.normalize("NFC")).toBe(name);
        }
      }),
    );
  });
});

describe("asciiAssetNames()", () => {
  it.each([
    ["Top customers", "QPP_Top customers_0123"],
    ["顧客リスト", "QPP_Results_0123"],
    ["Клиенты 2026", "QPP_2026_0123"],
    ["Größe\u0000\n2", "QPP_Gro e 2_0123"],
    [undefined, "QPP_Results_0123"],
  ])("makes a name of plain letters of the snippet %j", (snippet, name) => {
    expect(asciiAssetNames(aRunId, snippet)[0]).toBe(name);
  });

  it("stays legal and within 64 characters whatever the user typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (snippet) => {
        for (const name of asciiAssetNames(aRunId, snippet))
          expect(name).toMatch(/^QPP_[A-Za-z0-9_ -]{0,59}[A-Za-z0-9_-]$/);
      }),
    );
  });
});
