import { XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRandom } from "../../sandbox/random.ts";
import { openWire, type Wire } from "./support/wire.ts";
import { aDataExtension, aField, aQuery, perform, retrieve, where, write } from "./support/wire-messages.ts";

let wire: Wire;
let token: string;
const random = openRandom(20_260_115);
beforeAll(async () => {
  wire = await openWire();
  token = await wire.token();
});
afterAll(() => wire.close());

const pick = <T>(list: readonly [T, ...T[]]): T => list[random.between(0, list.length - 1)] ?? list[0];

const noise: readonly [string, ...string[]] = [
  "<",
  ">",
  "&",
  "'",
  '"',
  "{",
  "}",
  "[",
  "]",
  "(",
  ")",
  ";",
  "\0",
  "\\",
  "]]>",
  "<!--",
  "\\u0000",
  "é😀",
  "9".repeat(40),
  "null",
  "<a>",
  "</a>",
  "--",
  "/*",
  "'%",
  "NULL",
  " WHERE ",
];

/** Cuts, doubles, turns around or fills in at a random place, one to three times. */
function broken(text: string): string {
  let out = text;
  for (let times = random.between(1, 3); times > 0; times--) {
    const ends = [random.between(0, out.length), random.between(0, out.length)];
    const [from, to] = [Math.min(...ends), Math.max(...ends)];
    const piece = out.slice(from, to);
    out = pick([
      out.slice(0, from) + out.slice(to),
      out.slice(0, to) + piece + out.slice(to),
      out.slice(0, from) + piece.split("").toReversed().join("") + out.slice(to),
      out.slice(0, from) + pick(noise) + out.slice(from),
    ]);
  }
  return out.slice(0, 100_000);
}

/** The first broken form of one of the texts that another judge calls broken too. */
function surelyBroken(texts: readonly [string, ...string[]], isBroken: (text: string) => boolean): string {
  for (;;) {
    const text = broken(pick(texts));
    if (isBroken(text)) return text;
  }
}

const sql =
  "SELECT TOP 10 c.EmailAddress, COUNT(*) AS N FROM Customers c LEFT JOIN [_Sent] s ON s.SubscriberKey = c.CustomerKey WHERE c.EmailAddress LIKE '%a%' GROUP BY c.EmailAddress ORDER BY N DESC";

/** Ways to break SQL for sure: each leaves a statement no SQL Server takes. */
const wreckers: readonly [(text: string) => string, ...((text: string) => string)[]] = [
  (text) => text.slice(0, random.between(1, "SELECT TOP 10 c.EmailAddress, COUNT(*) AS N FROM".length)),
  (text) => text.replace("Customers", `Nowhere${random.between(1, 999)}`),
  (text) => text.replace("c.EmailAddress", `c.Column${random.between(1, 999)}`),
  (text) => text.replace("COUNT(*)", "COUNT(*"),
  (text) => text.replace("'%a%'", "'%a%"),
  (text) => text.replace("FROM", pick(["FORM", "FROM FROM", ",", ""])),
  (text) => text.replace("GROUP BY", pick(["GROUP", "BY", "HAVING BY"])),
  (text) => text.replace("ON s.", pick(["ON ON s.", "ON = s.", "ON ( s."])),
  (text) => text.replace(" AS N", ""),
  (text) => `${text}${pick([";", ")", " UNION", " LIMIT 5", "; DROP TABLE Customers"])}`,
  (text) => text.replace("SELECT", pick(["SELEC", "DELETE", "UPDATE", "EXEC", "SELECT INTO"])),
];

const xml: readonly [string, ...string[]] = [
  retrieve("DataFolder", ["ID", "Name"], where("ContentType", "equals", "dataextension")),
  write("Create", "DataExtension", aDataExtension("Fuzz", aField("A"))),
  write("Create", "QueryDefinition", aQuery("Fuzz", "Fuzz", sql)),
  perform("<ObjectID>a077064d-0000-4000-8000-000000000000</ObjectID>"),
  write("Delete", "DataExtension", "<CustomerKey>Fuzz</CustomerKey>"),
];
const credentials = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
const row = { keys: { CustomerKey: "1" }, values: { EmailAddress: "a@b.c" } };
const query = { name: "F", key: "f", queryText: sql, targetKey: "Fuzz", targetUpdateTypeId: 0, categoryId: 4712 };
const json: readonly [[string, unknown], ...[string, unknown][]] = [
  ["/v2/token", { grant_type: "client_credentials", ...credentials, account_id: 7000001 }],
  ["/automation/v1/queries/actions/validate/", { Text: sql }],
  ["/automation/v1/queries", query],
  ["/hub/v1/dataevents/key:Customers/rowset", [row]],
  ["/data/v1/async/dataextensions/key:Customers/rows", { items: [{ CustomerKey: "1" }] }],
  ["/sandbox/behaviours", { durationMs: 5, profile: "friendly" }],
  ["/sandbox/faults", [{ call: "never", status: 500 }]],
];

const post = (path: string, body: string, type = "application/json") =>
  wire.call("POST", path, body, { authorization: `Bearer ${token}`, "content-type": type });
const isNoJson = (text: string) => {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
};

/** Why an answer is no proper fault; undefined when it is one. */
type Judge = {
  ask: () => Promise<{ sent: string; answer: Awaited<ReturnType<typeof post>> }>;
  isFault: (answer: Awaited<ReturnType<typeof post>>) => boolean;
};

const kinds: Record<string, Judge> = {
  "XML that is not well-formed": {
    ask: async () => {
      const message = surelyBroken([wire.envelope(pick(xml), token)], (text) => XMLValidator.validate(text) !== true);
      return { sent: message, answer: await post("/Service.asmx", message, "text/xml") };
    },
    isFault: ({ status, text }) => status === 400 && text === "Bad Request",
  },
  "JSON that is none": {
    ask: async () => {
      const [path, body] = pick(json);
      const message = surelyBroken([JSON.stringify(body)], isNoJson);
      return { sent: `${path} ${message}`, answer: await post(path, message) };
    },
    isFault: ({ status, json: body }) =>
      status >= 400 && status < 600 && String(body["message"] ?? body["error_description"] ?? body["error"]).length > 5,
  },
  "SQL for the control API": {
    ask: async () => {
      const text = pick(wreckers)(sql);
      return { sent: text, answer: await post("/sandbox/sql", JSON.stringify({ sql: text })) };
    },
    isFault: ({ status, json: body }) => status === 400 && String(body["message"]).length > 10,
  },
  "SQL that REST validates": {
    ask: async () => {
      const text = pick(wreckers)(sql);
      return {
        sent: text,
        answer: await post("/automation/v1/queries/actions/validate/", JSON.stringify({ Text: text })),
      };
    },
    isFault: ({ status, json: body }) =>
      status === 200 && body["queryValid"] === false && String(body["errors"]).length > 10,
  },
  "SQL that SOAP saves": {
    ask: async () => {
      const text = pick(wreckers)(sql);
      const body = write("Create", "QueryDefinition", aQuery("Fuzz", "Orders", text));
      return { sent: text, answer: await post("/Service.asmx", wire.envelope(body, token), "text/xml") };
    },
    isFault: ({ status, text }) =>
      status === 200 && /<StatusCode>Error<\/StatusCode><StatusMessage>Error saving the Query field\. .{10}/.test(text),
  },
};

describe("200 broken statements, fixed seed", () => {
  test.each(Object.entries(kinds))("40 of %s each get their protocol's fault", async (_, { ask, isFault }) => {
    const wrong: string[] = [];
    for (let round = 0; round < 40; round++) {
      const { sent, answer } = await ask();
      if (!isFault(answer) || answer.text.includes("Sandbox error"))
        wrong.push(`${answer.status} ${answer.text.slice(0, 300)} for ${sent.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
    expect((await wire.call("GET", "/sandbox/state")).status).toBe(200);
  });

  test("200 more, broken or not, are answered and leave the sandbox up", async () => {
    const wrong: string[] = [];
    for (let round = 0; round < 200; round++) {
      const [path, body] = pick(json);
      const sent = broken(round % 2 === 0 ? wire.envelope(pick(xml), token) : JSON.stringify(body));
      const answer = round % 2 === 0 ? await post("/Service.asmx", sent, "text/xml") : await post(path, sent);
      const isProper = round % 2 === 0 ? /^Bad Request$|<soap:Body>/.test(answer.text) : /^[[{"]/.test(answer.text);
      if (!isProper || answer.text.includes("Sandbox error"))
        wrong.push(`${answer.status} ${answer.text.slice(0, 300)} for ${sent.slice(0, 300)}`);
    }
    expect(wrong).toEqual([]);
    expect((await wire.call("GET", "/sandbox/state")).status).toBe(200);
  });
});
