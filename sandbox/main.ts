import { accounts } from "./accounts.ts";
import { profileNames } from "./behaviours.ts";
import { openSandbox, type SandboxOptions } from "./server.ts";

/** Whole number from the environment; a wrong one ends the program with a clear line. */
function integer(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new Error(`Cannot start the sandbox: ${name} is "${text}", not a whole number`);
}

function readOptions(): SandboxOptions {
  const profile = process.env["SANDBOX_PROFILE"] || "friendly";
  const known = profileNames.find((it) => it === profile);
  if (known === undefined)
    throw new Error(`Cannot start the sandbox: SANDBOX_PROFILE is "${profile}", not one of ${profileNames.join(", ")}`);
  const durationMs = integer("SANDBOX_DURATION_MS");
  const rows = integer("SANDBOX_ROWS");
  const file = process.env["SANDBOX_FILE"] || undefined;
  return {
    ...(file === undefined ? {} : { file }),
    port: integer("PORT") ?? 8790,
    profile: known,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(rows === undefined ? {} : { rows }),
  };
}

function describe(url: string): string {
  const rows = [
    ["Auth, SOAP and REST", `${url}/`],
    ["SOAP endpoint", `${url}/Service.asmx`],
    ["Door of the sandbox", `${url}/sandbox/state`],
    ...accounts.flatMap((it): string[][] => [
      [it.name, `client_id ${it.clientId}   client_secret ${it.clientSecret}`],
      ["", `EID ${it.eid}   business units ${it.mids.join(", ")}`],
    ]),
  ];
  return rows.map(([name = "", value = ""]) => `  ${name.padEnd(21)} ${value}`).join("\n");
}

const sandbox = await openSandbox(readOptions());
process.stdout.write(`Marketing Cloud sandbox\n${describe(sandbox.url)}\n`);
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
