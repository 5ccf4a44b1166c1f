import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeXml } from "../../src/mce/soap/envelope.ts";
import { at, childrenOf, integerAt, parseXml, textAt } from "../../src/mce/soap/parse.ts";
import { quickestMs } from "../support/processor-time.ts";

describe("parseXml()", () => {
  it("drops prefixes, attributes and declarations and keeps text as text", () => {
    const root = parseXml(
      `<?xml version="1.0"?><a:Root xmlns:a="u"><b:Key xmlns:b="v" x="1">007</b:Key><Key>1e3</Key><Flag>true</Flag></a:Root>`,
    );
    expect(root?.name).toBe("Root");
    expect(childrenOf(root, "Key").map(({ text }) => text)).toEqual(["007", "1e3"]);
    expect(textAt(root, "Flag")).toBe("true");
  });

  it("reads one result like many", () => {
    expect(childrenOf(parseXml("<R><Results><A>1</A></Results></R>"), "Results")).toHaveLength(1);
    expect(childrenOf(parseXml("<R><Results/><Results/></R>"), "Results")).toHaveLength(2);
  });

  it("decodes the five entities and references once", () => {
    expect(parseXml("<a>&amp;lt; &lt;&gt;&quot;&apos; &#65;&#x42;&#x1F600;</a>")?.text).toBe(`&lt; <>"' AB😀`);
  });

  it("leaves CDATA as it is", () => {
    expect(parseXml("<a>x &amp; <![CDATA[&lt;b>]]></a>")?.text).toBe("x & &lt;b>");
  });

  it("keeps blanks that belong to a value", () => {
    expect(parseXml("<a><Name> True </Name></a>")?.children[0]?.text).toBe(" True ");
  });

  it("drops references XML 1.0 does not allow, which .NET writes", () => {
    expect(parseXml("<a>x&#x1F;&#0;y&#xD800;&#xFFFE;</a>")?.text).toBe("xy");
  });

  it.each([
    ["a DOCTYPE", `<!DOCTYPE a><a/>`],
    ["a DOCTYPE in lower case", `<!doctype a><a/>`],
    ["an external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`],
    ["a bomb", `<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>`],
    ["an entity nobody declared", "<a>&nbsp;</a>"],
    ["a prototype's name as entity", "<a>&constructor;</a>"],
    ["a bare ampersand", "<a>a & b</a>"],
    ["a reference beyond Unicode", "<a>&#99999999999999999999;</a>"],
    ["a huge hexadecimal reference", `<a>&#x${"F".repeat(2000)};</a>`],
    ["a document cut inside a tag", "<r><a>1</a><b"],
    ["a document cut between tags", "<r><a>1</a>"],
    ["a document cut inside text", "<r><a>1"],
    ["two roots", "<a/><b/>"],
    ["crossed tags", "<a><b></a></b>"],
    ["plain text", "Bad Request"],
    ["HTML", "<html><body><br><p>Service Unavailable</body></html>"],
    ["JSON", `{"message":"no"}`],
    ["nothing", ""],
    ["deep nesting", "<a>".repeat(20_000) + "</a>".repeat(20_000)],
    ["nesting a bit too deep", "<a>".repeat(90) + "</a>".repeat(90)],
  ])("refuses %s", (_, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it("is not poisoned by names of the prototype", () => {
    parseXml("<r><__proto__><polluted>1</polluted></__proto__><constructor>x</constructor></r>");
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
    const root = parseXml("<r><constructor>x</constructor><toString>y</toString></r>");
    expect(root === undefined || textAt(root, "constructor") === "x").toBe(true);
    expect(at(parseXml("<r><a/></r>"), "toString")).toBeUndefined();
  });

  it("reads a megabyte of references quickly", () => {
    const text = `<a>${"&#65;".repeat(200_000)}</a>`;
    expect(parseXml(text)?.text).toHaveLength(200_000);
    expect(quickestMs(() => void parseXml(text), 3000)).toBeLessThan(3000);
  });

  it("returns every text that was escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(parseXml(`<a>${escapeXml(text)}</a>`)?.text).toBe(withoutIllegal(text));
      }),
    );
  });

  it("never throws on noise", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      "/",
      "&",
      ";",
      "#",
      "x",
      "a",
      "<a>",
      "</a>",
      "]]>",
      "<![CDATA[",
      "<!--",
      '"',
      " ",
      "=",
      "?",
      "<?",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        parseXml(pieces.join(""));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("integerAt()", () => {
  it.each([
    ["12", 12],
    [" 0 ", 0],
    ["-1", -1],
    ["1.5", undefined],
    ["1e3", undefined],
    ["", undefined],
    ["99999999999999999999", undefined],
  ])("reads %j as %s", (text, value) => {
    expect(integerAt(parseXml(`<r><n>${text}</n></r>`), "n")).toBe(value);
  });
});

function withoutIllegal(text: string): string {
  return Array.from(text)
    .filter((char) => {
      const code = char.codePointAt(0) ?? 0;
      return code >= 0x20
        ? code < 0xd800 || (code > 0xdfff && code < 0xfffe) || code > 0xffff
        : "\t\n\r".includes(char);
    })
    .join("");
}
