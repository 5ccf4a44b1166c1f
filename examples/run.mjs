// Runs a SELECT, follows it by Server-Sent Events and prints its first page. Node 20 or newer, no packages.
import process from "node:process";

const { SQE_URL: url, SQE_TOKEN: token } = process.env;
const [sql] = process.argv.slice(2);

async function call(path, init = {}) {
  const headers = { authorization: `Bearer ${token}`, ...init.headers };
  const answer = await fetch(url + path, { ...init, headers });
  if (answer.ok) return answer;
  const { code, detail } = await answer.json();
  throw new Error(`${code}: ${detail}`);
}

/** Yields each version of a run until it is over. A cut stream is opened again after the last version seen. */
async function* follow(run) {
  let lastEventId = "0";
  for (;;) {
    const answer = await call(run.links.events, { headers: { "last-event-id": lastEventId } });
    // 204: the last version was the end.
    if (answer.status === 204) return;
    let text = "";
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const frames = text.split("\n\n");
      text = frames.pop();
      for (const frame of frames) {
        const member = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(frame)?.[1];
        if (member("event") === "end") return;
        if (member("event") !== "run") continue;
        lastEventId = member("id");
        yield JSON.parse(member("data"));
      }
    }
  }
}

const submitted = await call("/v1/runs", {
  method: "POST",
  // The key makes a repeated request safe: it answers with the same run.
  headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
  body: JSON.stringify({ sql }),
});
let run = await submitted.json();
for await (run of follow(run)) console.error(run.status, run.phase ?? "");
if (run.status !== "ready") throw new Error(`${run.status}: ${run.error?.detail ?? ""}`);
const { columns, rows } = await (await call(run.links.results)).json();
console.log(columns.map(({ name }) => name).join("\t"));
for (const row of rows) console.log(row.map((value) => value ?? "").join("\t"));
