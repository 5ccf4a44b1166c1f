import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSandbox } from "../../sandbox/server.ts";
import { openMce } from "../../src/mce/client.ts";
import { createDataExtension } from "../../src/mce/soap/data-extension.ts";
import { readFirstRows } from "../../src/mce/soap/first-rows.ts";
import { nil, openStandIn, retrieved, soap } from "./support/stand-in.ts";
import { mceDeps } from "../support/platform.ts";

const ask = { customerKey: "k", columns: ["Id", "Note"] };
const property = (name: string, value: string) => `<Property><Name>${name}</Name>${value}</Property>`;
const row = (...properties: readonly string[]) =>
  `<Results xsi:type="DataExtensionObject">${nil}<Type>DataExtensionObject</Type><Properties>${properties.join("")}</Properties></Results>`;

/** The result of one answer. */
async function readIn(results: string, overall = "OK") {
  const { mce, sent } = openStandIn(soap(retrieved(results, overall)));
  return { answer: await readFirstRows(mce, ask), sent };
}

describe("readFirstRows()", () => {
  it.each([
    ["in MCE's own order and case", row(property("NOTE", "<Value>n</Value>"), property("id", "<Value>1</Value>"))],
    [
      "with a prefix",
      row(property("Note", "<Value>n</Value>"), property("Id", "<Value>1</Value>")).replaceAll(
        /<(\/?)(?=[A-Z])/g,
        "<$1p:",
      ),
    ],
    [
      "over lines",
      row(property("Id", "<Value>1</Value>\n"), property("Note", "\n  <Value>n</Value>")).replaceAll("><", ">\n<"),
    ],
    ["as CDATA", row(property("Id", "<Value>1</Value>"), property("Note", "<Value><![CDATA[n]]></Value>"))],
    [
      "with an attribute that holds a bracket",
      row(property("Id", `<Value a="b>c">1</Value>`), property("Note", "<Value>n</Value>")),
    ],
  ])("finds the pairs of a row %s", async (_, results) => {
    const { answer } = await readIn(results);
    expect(answer).toEqual({ ok: true, value: { items: [{ id: "1", note: "n" }], hasMore: false } });
  });

  it.each(["", "<Value/>", "<Value></Value>", `<Value xsi:nil="true"/>`, `<Value xsi:nil="true"></Value>`])(
    "takes %j for no value",
    async (value) => {
      const { answer } = await readIn(row(property("Id", "<Value>1</Value>"), property("Note", value)));
      expect(answer).toMatchObject({ value: { items: [{ id: "1", note: "" }] } });
    },
  );

  it("decodes XML's escapes, and keeps blanks", async () => {
    const { answer } = await readIn(row(property("Note", "<Value> &lt;/Results&gt; &#xD;\n&amp;lt; 😀 </Value>")));
    expect(answer).toMatchObject({ value: { items: [{ note: " </Results> \r\n&lt; 😀 " }] } });
  });

  it("reads the first batch only, and reports that there is more", async () => {
    const { answer, sent } = await readIn(row(property("Id", "<Value>1</Value>")).repeat(2500), "MoreDataAvailable");
    expect(answer).toMatchObject({ ok: true, value: { hasMore: true, items: { length: 2500 } } });
    expect(sent.filter(({ url }) => url.endsWith("/Service.asmx"))).toHaveLength(1);
  });

  it("asks for its columns by name", async () => {
    const { sent } = await readIn("");
    expect(sent[1]?.body).toContain(
      "<ObjectType>DataExtensionObject[k]</ObjectType><Properties>Id</Properties><Properties>Note</Properties>",
    );
  });

  it.each([
    ["Error: The Request Property(s) Note do not match with the fields of DataExtensionObject[k] retrieve", "rejected"],
    ["Error: API Permission Failed.", "forbidden"],
    ["Whatever", "unavailable"],
  ])("is a failure on %j", async (overall, kind) => {
    expect((await readIn("", overall)).answer).toMatchObject({ ok: false, error: { kind } });
  });

  it.each([
    ["in the middle of a row", (text: string) => text.slice(0, text.lastIndexOf("<Value>") + 8)],
    ["between two rows", (text: string) => text.slice(0, text.lastIndexOf("<Results"))],
    ["behind the last row", (text: string) => text.slice(0, text.lastIndexOf("</RetrieveResponseMsg>"))],
  ])("accepts no answer that was cut off %s", async (_, cut) => {
    const [whole] = soap(retrieved(row(property("Id", "<Value>1</Value>")).repeat(3)));
    const { mce } = openStandIn([{ body: cut(whole?.body ?? "") }]);
    expect(await readFirstRows(mce, ask)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });

  it("accepts no row with an unknown entity", async () => {
    const { answer } = await readIn(row(property("Id", "<Value>&bomb;</Value>")));
    expect(answer).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  });
});

describe("readFirstRows() of the sandbox", () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    sandbox = await openSandbox({ port: 0 });
  });
  afterAll(() => sandbox.close());
  const open = () =>
    openMce(
      {
        connectionId: "c_1",
        eid: 7000001,
        mid: 7000001,
        subdomain: "mcsandbox-enterprise-a000001",
        clientId: "sandbox-client-a",
        clientSecret: "sandbox-secret-a",
      },
      mceDeps({ sandboxUrl: sandbox.url, readTimeoutMs: 9000, effectTimeoutMs: 9000 }),
    );

  it("returns 2,500 rows of more, each once, with MCE's own number of each", async () => {
    const answer = await readFirstRows(open(), { customerKey: "Orders", columns: ["OrderID", "_CustomObjectKey"] });
    if (!answer.ok) throw new Error(answer.error.message);
    const { items, hasMore } = answer.value;
    expect([items.length, hasMore]).toEqual([2500, true]);
    expect(new Set(items.map(({ _customobjectkey: key }) => key)).size).toBe(2500);
  });

  it.each(["a b", "ä&<x>", "b]c", "[d]", "e.f/g", "'h' \"i\""])(
    "finds a key of special characters: %s",
    async (customerKey) => {
      const mce = open();
      const made = await createDataExtension(mce, {
        customerKey,
        name: `N${customerKey.length}${customerKey.codePointAt(0) ?? 0}`,
        folderId: 4711,
        fields: [{ name: "Id", fieldType: "Text", maxLength: 9 }],
      });
      expect(made).toMatchObject({ ok: true });
      const answer = await readFirstRows(mce, { customerKey, columns: ["Id"] });
      expect(answer).toEqual({ ok: true, value: { items: [], hasMore: false } });
    },
  );
});
