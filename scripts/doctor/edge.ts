import { readFile } from "node:fs/promises";
import { readJson } from "#lang/json.ts";
import { z } from "zod";
import { maxSkewMs, sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import { version } from "#protocol/version.ts";
import { broken, ok, skipped, type Check, type Finding, type Patient } from "./finding.ts";

const Refusal = z.object({ code: z.string(), now: z.number().optional() });
const Health = z.object({ problems: z.array(z.string()).optional(), detail: z.string().optional() });
/** No run has this id: the sign of a made-up one. */
const madeUpRun = "d0c".repeat(10);

/** The Worker: does it answer, does it take our signature, does its clock agree, which version is it. */
export const edgeCheck: Check = {
  id: "edge",
  title: "Edge",
  async look(patient, signal) {
    const { EDGE_URL: url, BRIDGE_SECRET: secrets } = patient.settings.bridge ?? {};
    if (url === undefined) return [skipped("Edge: EDGE_URL is not given")];
    const edge = url.replace(/\/+$/, "");
    const health = await healthFinding(edge, signal);
    if (health.state !== "ok") return [health];
    const secret = secrets?.split(",")[0];
    const signed = secret === undefined ? [] : await signedFindings(edge, secret, signal);
    return [health, ...signed, await versionFinding(patient)];
  },
};

async function healthFinding(edge: string, signal: AbortSignal): Promise<Finding> {
  const answer = await fetch(`${edge}/healthz`, { signal }).catch(() => undefined);
  const means = "Nobody can submit or follow a run";
  if (answer === undefined)
    return broken("The Worker does not answer at EDGE_URL", means, "Is the address right, and is the Worker deployed?");
  const health = Health.safeParse(readJson(await answer.text())).data;
  if (answer.ok && health !== undefined) return ok("The Worker answers and is healthy");
  if (answer.status === 503 && health !== undefined) {
    // The Worker's own words: names of variables, or the migration that is missing.
    const why = health.problems?.join("; ") ?? health.detail ?? "it does not say why";
    return broken(`The Worker is not healthy: ${why}`, means, "Set what it misses, or run npm run migrate");
  }
  return broken(
    `Something else answers at EDGE_URL: /healthz is ${answer.status}`,
    means,
    "Is EDGE_URL the Worker's own address, without a path?",
  );
}

/** Asks about a run that nobody has: 404 proves the secret. A time far off is refused with the Worker's own. */
async function signedFindings(edge: string, secret: string, signal: AbortSignal): Promise<Finding[]> {
  const before = Date.now();
  const early = await askAlive(edge, secret, "0", signal);
  const here = (before + Date.now()) / 2;
  if (early?.body.code === "UNAUTHENTICATED") return [secretFinding()];
  if (early?.body.now === undefined) return [skipped("The Worker's clock: it did not tell its time")];
  const skewMs = early.body.now - here;
  const real = await askAlive(edge, secret, String(Math.round(early.body.now)), signal);
  const isTaken = real?.status === 404 && real.body.code === "RUN_NOT_FOUND";
  return [
    isTaken
      ? ok("The Worker takes the bridge's signature")
      : broken(
          `The Worker answers a signed call about a made-up run with ${real?.status ?? "nothing"}, not 404`,
          "The bridge's calls may fail in the same way",
          "Is EDGE_URL the Worker's own address? Do Worker and checkout have versions that understand each other?",
        ),
    skewFinding(skewMs),
  ];
}

function secretFinding(): Finding {
  return broken(
    "The Worker refuses the bridge's signature",
    "No run is worked on: the bridge can claim none",
    "BRIDGE_SECRET of the deployed Worker is another one: set it again (wrangler secret put) and deploy",
  );
}

/** What to say of the difference between the Worker's clock and this machine's. */
export function skewFinding(skewMs: number): Finding {
  const seconds = (skewMs / 1000).toFixed(1);
  if (Math.abs(skewMs) <= maxSkewMs) return ok(`The Worker's clock is ${seconds} s ahead of this machine's`);
  return broken(
    `The Worker's clock is ${seconds} s ahead of this machine's, more than ${maxSkewMs / 1000} s`,
    "The Worker refuses a bridge's first call, and lifetimes of tokens and delays of polls are off",
    "Set this machine's clock by NTP",
  );
}

async function versionFinding({ status }: Patient): Promise<Finding> {
  const answer = await status;
  if (answer.kind === "untold") return skipped(`The Worker's version: ${answer.why}`);
  const config = await readFile(new URL("../../wrangler.toml", import.meta.url), "utf8").catch(() => "");
  const date = /^compatibility_date = "([\d-]+)"/m.exec(config)?.[1] ?? "unknown";
  const worker = answer.status.version;
  const same = worker === version ? "as this checkout" : `this checkout is ${version}`;
  return ok(`The Worker is version ${worker}, ${same}, which deploys with compatibility date ${date}`);
}

async function askAlive(edge: string, secret: string, timestamp: string, signal: AbortSignal) {
  const path = `/bridge/runs/${madeUpRun}/alive`;
  const body = JSON.stringify({ epoch: 1 });
  const signature = await sign(secret, { method: "POST", path: new URL(edge + path).pathname, timestamp, body });
  const headers = {
    "content-type": "application/json",
    [timestampHeader]: timestamp,
    [signatureHeader]: signature,
  };
  const answer = await fetch(edge + path, { method: "POST", headers, body, signal }).catch(() => undefined);
  const refusal = Refusal.safeParse(readJson((await answer?.text()) ?? "")).data;
  return answer && refusal && { status: answer.status, body: refusal };
}
