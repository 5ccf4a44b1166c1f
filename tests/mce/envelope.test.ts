import { describe, expect, it } from "vitest";
import { element, envelope, escapeXml, xml } from "../../src/mce/soap/envelope.ts";
import { epochOf, mceLocal } from "../../src/mce/soap/date.ts";
import { at, parseXml } from "../../src/mce/soap/parse.ts";

describe("escapeXml()", () => {
  it("escapes XML's special characters", () => {
    expect(escapeXml(`a<b && c>'d' "e"`)).toBe("a&lt;b &amp;&amp; c&gt;&apos;d&apos; &quot;e&quot;");
  });

  it("drops what XML 1.0 cannot carry and keeps emoji", () => {
    expect(escapeXml("a\0b\u{8}c\u{FFFE}d\u{D800}e😀\t\n")).toBe("abcde😀\t\n");
  });

  it("keeps a carriage return, which a parser would make a line feed", () => {
    expect(parseXml(`<a>${escapeXml("'x\r\ny'")}</a>`)?.text).toBe("'x\r\ny'");
  });

  it("lets no text close its element", () => {
    const root = parseXml(`<a>${escapeXml("</a><b/>]]><![CDATA[")}</a>`);
    expect(root).toEqual({ name: "a", children: [], text: "</a><b/>]]><![CDATA[" });
  });
});

describe("xml", () => {
  it("escapes values, takes XML as it is and drops undefined", () => {
    expect(xml`<a>${"<"}${1}${undefined}${element("b", "&")}${[xml`<c/>`, xml`<d/>`]}</a>`.xml).toBe(
      "<a>&lt;1<b>&amp;</b><c/><d/></a>",
    );
    expect(element("a", undefined).xml).toBe("");
  });

  it("does not take a string that looks like markup for markup", () => {
    expect(xml`<a>${"<Objects/>"}</a>`.xml).toBe("<a>&lt;Objects/&gt;</a>");
  });
});

describe("envelope()", () => {
  it("carries the token in the header and one request in the body", () => {
    const root = parseXml(envelope("tok<en", xml`<CreateRequest/>`));
    expect(at(root, "Header", "fueloauth")?.text).toBe("tok<en");
    expect(at(root, "Body")?.children.map(({ name }) => name)).toEqual(["CreateRequest"]);
  });
});

describe("dates", () => {
  it("mceLocal() writes UTC-6 without a zone, in summer too", () => {
    expect(mceLocal(Date.UTC(2026, 6, 1, 3, 0, 0, 5))).toBe("2026-06-30T21:00:00.005");
  });

  it("epochOf() reads UTC-6 stamps of one to seven decimals", () => {
    expect(epochOf("2022-04-21T06:56:27.927")).toBe(Date.UTC(2022, 3, 21, 12, 56, 27, 927));
    expect(epochOf("2022-04-21T06:56:27.9")).toBe(Date.UTC(2022, 3, 21, 12, 56, 27, 900));
    expect(epochOf("2022-04-21T06:56:27.1234567")).toBe(Date.UTC(2022, 3, 21, 12, 56, 27, 123));
    expect(epochOf("2022-04-21T06:56:27")).toBe(Date.UTC(2022, 3, 21, 12, 56, 27));
    expect(epochOf("2022-04-21T06:56:27Z")).toBe(Date.UTC(2022, 3, 21, 6, 56, 27));
    expect(epochOf("1/16/2026 10:54:35 AM")).toBeUndefined();
    expect(epochOf("")).toBeUndefined();
  });
});
