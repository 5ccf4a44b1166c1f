import { accounts, type Account } from "./accounts.ts";
import { readStart } from "./profile-file.ts";
import { openSandbox, type Sandbox, type SandboxOptions } from "./server.ts";

/** A whole number from the environment; undefined when it is not set. Throws for anything else. */
function integer(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`Cannot start the sandbox: ${name} is "${text}", not a whole number`);
}

function readOptions(): SandboxOptions {
  const start = readStart(process.env["SANDBOX_PROFILE"] || "friendly");
  const durationMs = integer("SANDBOX_DURATION_MS");
  const rows = integer("SANDBOX_ROWS");
  const moreEnterprises = integer("SANDBOX_MORE_ENTERPRISES");
  const file = process.env["SANDBOX_FILE"] || undefined;
  return {
    ...(file === undefined ? {} : { file }),
    port: integer("PORT") ?? 8790,
    ...start,
    hasQueryActivities: true,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(rows === undefined ? {} : { rows }),
    ...(moreEnterprises === undefined ? {} : { moreEnterprises }),
  };
}

function packageLine({ clientId, clientSecret, scopes }: Account["others"][number]): string {
  if (clientSecret === undefined) return `client_id ${clientId}   a public app: PKCE, no secret`;
  return `client_id ${clientId}   client_secret ${clientSecret}   ${scopes === undefined ? "for servers only" : "lacks scopes"}`;
}

function describe(url: string): string {
  const rows = [
    ["Auth, SOAP and REST", `${url}/`],
    ["SOAP endpoint", `${url}/Service.asmx`],
    ["Control API", `${url}/sandbox/state`],
    ...accounts.flatMap((it): string[][] => [
      [it.name, `client_id ${it.clientId}   client_secret ${it.clientSecret}`],
      ...it.others.map((other) => ["", packageLine(other)]),
      ["", `EID ${it.eid}   business units ${it.mids.join(", ")}`],
    ]),
  ];
  return rows.map(([name = "", value = ""]) => `  ${name.padEnd(21)} ${value}`).join("\n");
}

/** Starts, or ends the program with one line that says what to do. */
async function open(): Promise<Sandbox> {
  try {
    return await openSandbox(readOptions());
  } catch (error) {
    const why = error instanceof Error ? error : new Error(String(error));
    const isTaken = "code" in why && why.code === "EADDRINUSE";
    const line = isTaken ? "Cannot start the sandbox: the port is in use; set PORT to another one" : why.message;
    process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

const sandbox = await open();
process.stdout.write(
  `Marketing Cloud sandbox\n${describe(sandbox.url)}\n  sandbox/README.md has the rest; Ctrl-C stops it\n`,
);
process.send?.({ event: "READY", url: sandbox.url });

let isClosing = false;
function close(): void {
  if (isClosing) return;
  isClosing = true;
  void sandbox.close().then(() => process.exit(0));
}
process.on("SIGINT", close);
process.on("SIGTERM", close);
process.on("disconnect", close);
// npm runs scripts in a shell that does not pass SIGTERM on: when the shell is gone, so are we.
const parent = process.ppid;
if (process.env["npm_lifecycle_event"] !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) close();
  }, 500).unref();
}
