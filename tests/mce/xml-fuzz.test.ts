import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeXml } from "../../src/mce/soap/envelope.ts";
import { readFirstRows } from "../../src/mce/soap/first-rows.ts";
import { parseXml, type XmlElement } from "../../src/mce/soap/parse.ts";
import { quickestMs } from "../support/processor-time.ts";
import { isLong } from "../support/tier.ts";
import { soapCalls } from "./support/calls.ts";
import { parseByLibxml2 } from "./support/libxml2.ts";
import { created, openStandIn, retrieved, soap, soapAnswer } from "./support/stand-in.ts";
import { damages, documents, storable, texts } from "./support/xml-documents.ts";

/** A whole proof is in the long tier: 5,000 documents each way, with the same seed each time. */
const share = isLong ? 1 : 0.1;
const seed = 2106;
const runs = (count: number) => ({ seed, numRuns: Math.ceil(count * share) });

/** No document may keep a Worker for longer. */
const patienceMs = 250;

/** As `parseXml`, and fails when that takes too long of the processor's time. */
function parsed(text: string): XmlElement | undefined {
  let root: XmlElement | undefined;
  const ms = quickestMs(() => {
    root = parseXml(text);
  }, patienceMs);
  expect(ms).toBeLessThan(patienceMs);
  return root;
}

/** The body of each request that the client sends with a text wherever foreign text may stand. */
async function requestsWith(text: string): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for (const [name, call] of Object.entries(soapCalls(text))) {
    const { mce, sent } = openStandIn(soap(retrieved("")));
    await call(mce);
    sent.forEach(({ body }, index) => body.startsWith("<?xml") && bodies.set(`${name} ${index}`, body));
  }
  return bodies;
}

const mark = "PLACE-OF-THE-TEXT";

/** A tree with a text in place of the mark. */
function filled({ name, children, text }: XmlElement, by: string): XmlElement {
  return { name, children: children.map((child) => filled(child, by)), text: text.replaceAll(mark, () => by) };
}

describe("what is sent", () => {
  it("is to libxml2 the same tree with the text in it, whatever the text", async () => {
    const known = new Map([...(await requestsWith(mark))].map(([name, body]) => [name, parseByLibxml2(body)]));
    expect(known.size).toBeGreaterThan(20);
    const callsOfOne = known.size;
    await fc.assert(
      fc.asyncProperty(texts(), async (text) => {
        for (const [name, body] of await requestsWith(text)) {
          const tree = known.get(name) ?? expect.unreachable(name);
          const wanted = filled(tree, storable(text));
          expect([name, parseByLibxml2(body)]).toEqual([name, wanted]);
          expect([name, parsed(body)]).toEqual([name, wanted]);
        }
      }),
      runs(5000 / callsOfOne),
    );
  });
});

describe("what is read", () => {
  it("is what libxml2 reads, in every spelling", () => {
    fc.assert(
      fc.property(documents(), (document) => {
        const wanted = parseByLibxml2(document);
        expect(wanted).toBeDefined();
        expect(parsed(document)).toEqual(wanted);
      }),
      runs(2500),
    );
  });

  it("is nothing when it was cut anywhere", () => {
    fc.assert(
      fc.property(documents(), fc.double({ min: 0, max: 1, noNaN: true }), (document, at) => {
        const end = document.lastIndexOf("</root>") + "</root>".length - 1;
        expect(parsed(document.slice(0, Math.floor(at * end)))).toBeUndefined();
      }),
      runs(1500),
    );
  });

  it("is nothing when it was damaged, or else what libxml2 reads", () => {
    const count = { refused: 0, alike: 0, spelledWrongly: 0 };
    fc.assert(
      fc.property(documents(), fc.array(damages(), { minLength: 1, maxLength: 3 }), (document, all) => {
        const damaged = all.reduce((text, damage) => damage(text), document);
        const root = parsed(damaged);
        const wanted = parseByLibxml2(damaged);
        if (root !== undefined && wanted !== undefined) expect(root).toEqual(wanted);
        count[root === undefined ? "refused" : wanted === undefined ? "spelledWrongly" : "alike"] += 1;
      }),
      runs(5000),
    );
    // We take prefixes that are not declared, and characters in attributes, which nobody reads here.
    expect(count.spelledWrongly).toBeLessThan(count.alike / 20);
    expect(count.refused).toBeGreaterThan(count.alike);
  });

  const long = 1024 * 1024;
  it.each([
    ["references", `<a>${"&#65;".repeat(long / 5)}</a>`],
    ["unknown entities", `<a>${"&x;".repeat(long / 3)}</a>`],
    ["elements that do not end", "<a>".repeat(long / 3)],
    ["nested elements", `${"<a>".repeat(long / 7)}${"</a>".repeat(long / 7)}`],
    ["an attribute without end", `<a b="${"x".repeat(long)}`],
    ["attributes", `<a${Array.from({ length: long / 16 }, (_, index) => ` a${index}="b"`).join("")}/>`],
    ["comments that do not end", `<a>${"<!--".repeat(long / 4)}`],
    ["comments before", "<!---->".repeat(long / 7)],
    ["instructions before", "<?a?>".repeat(long / 5)],
    ["sections", `<a>${"<![CDATA[]]>".repeat(long / 12)}</a>`],
    ["blanks", " ".repeat(long)],
    ["ends of tags", ">".repeat(long)],
    ["slashes at the end", `<a>${"</".repeat(long / 2)}`],
    ["names of the prototype", `<a>${"<__proto__/><constructor/>".repeat(long / 26)}</a>`],
  ])(`is read or refused within a second when it is a megabyte of %s`, (_, document) => {
    expect(quickestMs(() => void parseXml(document), 1000)).toBeLessThan(1000);
  });
});

/** Rows as the service writes them: pairs of names and values in each result. */
function rowsAnswer(rows: readonly (readonly [string, string])[][], write: (text: string) => string): string {
  const pair = ([name, value]: readonly [string, string]) =>
    `<Property><Name>${write(name)}</Name><Value>${write(value)}</Value></Property>`;
  const results = rows.map(
    (pairs) => `<Results xsi:type="DataExtensionObject"><Properties>${pairs.map(pair).join("")}</Properties></Results>`,
  );
  return soapAnswer(retrieved(results.join("")));
}

const readRows = async (body: string) => {
  const { mce } = openStandIn([{ body }]);
  return await readFirstRows(mce, { customerKey: "k", columns: ["a"] });
};

describe("rows by SOAP", () => {
  const row = fc.uniqueArray(fc.tuple(fc.constantFrom("a", "b", "__proto__", "constructor", "Ä <b>"), texts()), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 4,
  });
  const rows = fc.array(row, { minLength: 1, maxLength: 4 });

  it("have the values that were written, in columns of any name", async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (written) => {
        const answer = await readRows(rowsAnswer(written, escapeXml));
        const wanted = written.map((pairs) => pairs.map(([name, value]) => [name.toLowerCase(), storable(value)]));
        expect(answer.ok && answer.value.items.map((item) => Object.entries(item))).toEqual(wanted);
      }),
      runs(1500),
    );
  });

  it("are a failure when the answer was cut, and never fewer rows or shorter values", async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.double({ min: 0, max: 1, noNaN: true }), async (written, at) => {
        const body = rowsAnswer(written, escapeXml);
        const answer = await readRows(body.slice(0, Math.floor(at * (body.length - 1))));
        expect(answer).toMatchObject({
          ok: false,
          error: { kind: "unavailable", message: expect.stringMatching(/^Cannot read SOAP/) },
        });
      }),
      runs(1500),
    );
  });

  it.each([
    ["another envelope", rowsAnswer([[["a", "1"]]], escapeXml).replaceAll("soap:Envelope", "soap:Envelop")],
    ["no body", soapAnswer("").replaceAll("soap:Body", "soap:Head")],
    ["another response", soapAnswer(created("<StatusCode>OK</StatusCode>"))],
    ["a DOCTYPE", `<!DOCTYPE x [<!ENTITY y "1">]>${rowsAnswer([[["a", "&y;"]]], String)}`],
    ["an entity in a value", rowsAnswer([[["a", "&y;"]]], String)],
    ["another encoding", rowsAnswer([[["a", "1"]]], escapeXml).replace("utf-8", "iso-8859-1")],
    ["an element in a value", rowsAnswer([[["a", "1"]]], escapeXml).replace("<Value>", "<Value><__proto__/>")],
    ["HTML", "<html><body>Rows</body></html>"],
    ["nothing", ""],
  ])("are a failure in %s", async (_, body) => {
    expect(await readRows(body)).toMatchObject({
      ok: false,
      error: { message: expect.stringMatching(/^Cannot read SOAP/) },
    });
  });
});
