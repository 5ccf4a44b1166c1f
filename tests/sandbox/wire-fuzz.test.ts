import { afterAll, beforeAll, expect, test } from "vitest";
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

const noise = [
  "<",
  ">",
  "&",
  "\0",
  "'",
  '"',
  "]]>",
  "<!--",
  "{",
  "}",
  "[",
  "\\u0000",
  "é😀",
  "9".repeat(40),
  "-1",
  "null",
  "<a>",
  "</a>",
  ";",
  "--",
  "/*",
  "(",
  "'%",
  "NULL",
];

/** Cuts, doubles, swaps or fills in at a random place, one to three times. */
function broken(text: string): string {
  let out = text;
  for (let times = random.between(1, 3); times > 0; times--) {
    const [from, to] = [random.between(0, out.length), random.between(0, out.length)].sort((a, b) => a - b);
    const piece = out.slice(from, to);
    const kinds = [
      out.slice(0, from) + out.slice(to),
      out.slice(0, to) + piece + out.slice(to),
      out.slice(0, from) + piece.split("").toReversed().join("") + out.slice(to),
      out.slice(0, from) + (noise[random.between(0, noise.length - 1)] ?? "") + out.slice(from),
    ];
    out = kinds[random.between(0, kinds.length - 1)] ?? out;
  }
  return out.slice(0, 100_000);
}

const sql =
  "SELECT TOP 10 c.EmailAddress, COUNT(*) AS N FROM Customers c LEFT JOIN [_Sent] s ON s.SubscriberKey = c.EmailAddress WHERE c.EmailAddress LIKE '%a%' GROUP BY c.EmailAddress ORDER BY N DESC";
const soap = [
  retrieve("DataFolder", ["ID", "Name"], where("ContentType", "equals", "dataextension")),
  write("Create", "DataExtension", aDataExtension("Fuzz", aField("A"))),
  write("Create", "QueryDefinition", aQuery("Fuzz", "Fuzz", sql)),
  perform("<ObjectID>a077064d-0000-4000-8000-000000000000</ObjectID>"),
  write("Delete", "DataExtension", "<CustomerKey>Fuzz</CustomerKey>"),
];
const json: [string, string][] = [
  [
    "/v2/token",
    JSON.stringify({
      grant_type: "client_credentials",
      client_id: "sandbox-client-a",
      client_secret: "sandbox-secret-a",
      account_id: 7000001,
    }),
  ],
  ["/automation/v1/queries/actions/validate/", JSON.stringify({ Text: sql })],
  [
    "/automation/v1/queries",
    JSON.stringify({ name: "F", key: "f", queryText: sql, targetKey: "Fuzz", targetUpdateTypeId: 0, categoryId: 4712 }),
  ],
  [
    "/hub/v1/dataevents/key:Customers/rowset",
    JSON.stringify([{ keys: { CustomerKey: "1" }, values: { EmailAddress: "a@b.c" } }]),
  ],
  ["/sandbox/behaviours", JSON.stringify({ durationMs: 5, profile: "friendly" })],
  ["/sandbox/faults", JSON.stringify([{ call: "never", status: 500 }])],
];
const pick = <T>(list: readonly T[]): T => list[random.between(0, list.length - 1)] as T;

test("200 broken messages leave the sandbox up, each with an answer of its protocol", async () => {
  const seen: Record<string, number> = {};
  const bad: string[] = [];
  for (let round = 0; round < 200; round++) {
    const kind = round % 3;
    const [path, body] =
      kind === 0
        ? ["/Service.asmx", broken(wire.envelope(pick(soap), token))]
        : kind === 1
          ? (([at, text]) => [at, broken(text)])(pick(json))
          : ["/sandbox/sql", JSON.stringify({ sql: broken(sql) })];
    const answer = await wire.call("POST", path, body, {
      authorization: `Bearer ${token}`,
      "content-type": kind === 0 ? "text/xml" : "application/json",
    });
    seen[`${kind} ${answer.status}`] = (seen[`${kind} ${answer.status}`] ?? 0) + 1;
    const isProper =
      kind === 0
        ? answer.text === "Bad Request" || answer.text.includes("<soap:Body>")
        : answer.text.startsWith("{") || answer.text.startsWith("[");
    if (!isProper || answer.text.includes("Sandbox error"))
      bad.push(`${path} ${answer.status} ${answer.text.slice(0, 200)} for ${body.slice(0, 200)}`);
  }
  expect(bad).toEqual([]);
  // Both broken and harmless ones came by, in each protocol.
  expect(Object.keys(seen)).toEqual(expect.arrayContaining(["0 400", "0 200", "1 400", "2 400"]));
  expect((await wire.call("GET", "/sandbox/state")).status).toBe(200);
});
