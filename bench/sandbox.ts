/**
 * Times the sandbox as a client sees it, each part in its own process: `npm run bench:sandbox -- [--json]`.
 */
import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { json: { type: "boolean" } } });
const program = fileURLToPath(new URL("../sandbox/main.ts", import.meta.url));

type Running = { url: string; child: ChildProcess; startMs: number };
type Json = Record<string, unknown>;

/** Starts a sandbox on a free port; `startMs` is from the spawn to the first answer. */
async function start(environment: Record<string, string>): Promise<Running> {
  const begun = performance.now();
  const env = { ...process.env, PORT: "0", SANDBOX_FILE: "", ...environment };
  const child = fork(program, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  // The first message of the program has its URL.
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  await (await fetch(`${url}/v2/discovery?client_id=sandbox-client-a`)).text();
  return { url, child, startMs: performance.now() - begun };
}

async function stop({ child }: Running): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** Resident memory of the process in MB. */
function memoryMb({ child }: Running): number {
  return Math.round(Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" })) / 1024);
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Calls of a client with a token of enterprise A. */
async function connect(url: string): Promise<{
  get: (path: string) => Promise<Json>;
  post: (path: string, body: unknown) => Promise<Json>;
  soap: (body: string) => Promise<string>;
}> {
  const credentials = { client_id: "sandbox-client-a", client_secret: "sandbox-secret-a" };
  const body = JSON.stringify({ grant_type: "client_credentials", ...credentials });
  // The sandbox answers these requests with objects.
  const { access_token: token } = (await (await fetch(`${url}/v2/token`, { method: "POST", body })).json()) as Json;
  const headers = { authorization: `Bearer ${String(token)}` };
  const envelope = (content: string) =>
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><s:Header><fueloauth>${String(token)}</fueloauth></s:Header><s:Body>${content}</s:Body></s:Envelope>`;
  return {
    get: async (path) => (await (await fetch(url + path, { headers })).json()) as Json,
    post: async (path, content) =>
      (await (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(content) })).json()) as Json,
    soap: async (content) => (await fetch(`${url}/Service.asmx`, { method: "POST", body: envelope(content) })).text(),
  };
}

/** Times of 100 pages of 50 rows: the first by key, the rest by its token. */
async function pageTimes(url: string): Promise<number[]> {
  const { get } = await connect(url);
  const first = await get("/data/v1/customobjectdata/key/Orders/rowset?$pageSize=50");
  const path = `/data/v1/customobjectdata/token/${String(first["requestToken"])}/rowset?$page=`;
  const times: number[] = [];
  for (let page = 1; page <= 100; page += 1) times.push(await timed(() => get(path + page)));
  return times;
}

const api = `xmlns="http://exacttarget.com/wsdl/partnerAPI"`;
const field = "<Field><Name>ProductID</Name><MaxLength>20</MaxLength><FieldType>Text</FieldType></Field>";
const define = (name: string) => [
  `<CreateRequest ${api}><Options/><Objects xsi:type="DataExtension"><CustomerKey>${name}</CustomerKey><Name>${name}</Name><Fields>${field}</Fields></Objects></CreateRequest>`,
  `<CreateRequest ${api}><Options/><Objects xsi:type="QueryDefinition"><CustomerKey>${name}</CustomerKey><Name>${name}</Name><QueryText>SELECT ProductID FROM Products WHERE Price &gt; 10</QueryText><TargetType>DE</TargetType><DataExtensionTarget><CustomerKey>${name}</CustomerKey><Name>${name}</Name></DataExtensionTarget><TargetUpdateType>Overwrite</TargetUpdateType></Objects></CreateRequest>`,
];

/** Times of whole runs: two Creates, Perform, polls until Complete, one rowset page. */
async function runTimes(url: string): Promise<number[]> {
  const { get, soap } = await connect(url);
  const run = async (name: string) => {
    const [extension = "", query = ""] = define(name);
    await soap(extension);
    const objectId = /<NewObjectID>([^<]+)/.exec(await soap(query))?.[1];
    const performed = await soap(
      `<PerformRequestMsg ${api}><Options/><Action>Start</Action><Definitions><Definition xsi:type="QueryDefinition"><ObjectID>${objectId}</ObjectID></Definition></Definitions></PerformRequestMsg>`,
    );
    const taskId = /<Task>.*<ID>(\d+)<\/ID>/.exec(performed)?.[1];
    const status = `<RetrieveRequestMsg ${api}><RetrieveRequest><ObjectType>AsyncActivityStatus</ObjectType><Properties>Status</Properties><Filter xsi:type="SimpleFilterPart"><Property>TaskID</Property><SimpleOperator>equals</SimpleOperator><Value>${taskId}</Value></Filter></RetrieveRequest></RetrieveRequestMsg>`;
    while (!(await soap(status)).includes("<Value>Complete</Value>"));
    const { count } = await get(`/data/v1/customobjectdata/key/${name}/rowset?$pageSize=50`);
    if (!(Number(count) > 0)) throw new Error(`Cannot bench: run ${name} made no rows`);
  };
  const times: number[] = [];
  for (let at = 0; at < 20; at += 1) times.push(await timed(() => run(`Bench ${at}`)));
  return times;
}

/** Milliseconds of the sandbox's clock from Perform to done, from its ledger. */
async function ledgerTimes(url: string): Promise<number[]> {
  // The control API's contract (DESIGN section 8).
  const { entries } = (await (await fetch(`${url}/sandbox/ledger`)).json()) as {
    entries: { event: string; at: number; taskId?: number }[];
  };
  const at = (event: string, taskId: number | undefined) =>
    entries.find((it) => it.event === event && it.taskId === taskId)?.at ?? Number.NaN;
  const tasks = entries.filter((it) => it.event === "perform").map((it) => it.taskId);
  return tasks.map((taskId) => at("done", taskId) - at("perform", taskId));
}

const small = await start({ SANDBOX_DURATION_MS: "0" });
const pages = await pageTimes(small.url);
const runs = await runTimes(small.url);
const ledger = await ledgerTimes(small.url);
const smallMb = memoryMb(small);
await stop(small);

const large = await start({ SANDBOX_ROWS: "1000000" });
const largeStartMb = memoryMb(large);
const client = await connect(large.url);
let rows = 0;
const largeReadMs = await timed(async () => {
  for (const table of ["Orders", "_Sent", "_Open", "Customers"]) {
    const answer = await client.post("/sandbox/sql", { sql: `SELECT COUNT(*) AS N FROM ${table}` });
    // One row of one column.
    rows += Number((answer["rows"] as string[][])[0]?.[0]);
  }
});
const largeMb = memoryMb(large);
await stop(large);

const round = (ms: number) => Math.round(ms * 10) / 10;
const figures = {
  startMs: round(small.startMs),
  pageP50Ms: round(median(pages)),
  runP50Ms: round(median(runs)),
  performToDoneP50Ms: round(median(ledger)),
  memoryMb: smallMb,
  largeStartMs: round(large.startMs),
  largeStartMemoryMb: largeStartMb,
  largeReadMs: round(largeReadMs),
  largeReadRows: rows,
  largeMemoryMb: largeMb,
};

if (values.json) console.log(JSON.stringify(figures));
else {
  console.log(`
start to first answer                       ${figures.startMs} ms      (at most 2,000)
rowset page of 50 rows, p50 of 100          ${figures.pageP50Ms} ms      (at most 5)
whole run of a 0 ms query over HTTP, p50    ${figures.runP50Ms} ms      (at most 50)
  of it from Perform to done                ${figures.performToDoneP50Ms} ms
memory after that                           ${figures.memoryMb} MB
SANDBOX_ROWS=1000000: start                 ${figures.largeStartMs} ms, ${figures.largeStartMemoryMb} MB
  first read of ${figures.largeReadRows} rows of four tables   ${figures.largeReadMs} ms, then ${figures.largeMemoryMb} MB`);
}
