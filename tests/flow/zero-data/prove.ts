import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStack } from "../support/stack.ts";
import { noteSecrets, noteTokensOfMce, signIn, useOwnCredentials, useTools } from "./callers.ts";
import { openCanaries } from "./canary.ts";
import { crashBridge } from "./crash.ts";
import { readFiles } from "./files.ts";
import { judge, printed, type Verdict } from "./judge.ts";
import { plant, type Planted } from "./plant.ts";
import { keepUncompressed } from "./postgres.ts";
import { watchRedis } from "./redis.ts";
import { askWithoutRun, failByThemselves, queryWith, readEverything, writeTarget } from "./runs.ts";
import { askParts } from "./said.ts";
import type { Entry } from "./sink.ts";
import { findAll, readStores } from "./stores.ts";
import { failInEverySentence, refuseEveryCall, silenceEdge } from "./trouble.ts";
import { openProofWorld, submit, type World } from "./world.ts";

/** Marketing Cloud and the engine run this much faster, so that a hostile one's waits are short. */
const speed = 5;

/** What a proof found. `table` is for people. */
export type Proof = Verdict & { table: string };

/**
 * Proves that no row and no secret stays anywhere: starts a stack, does all that users do with texts that occur nowhere else, and
 * searches every store, log and answer for these.
 *
 * @param say receives one line for each step
 */
export async function proveZeroData(say: (line: string) => void): Promise<Proof> {
  const dir = await mkdtemp(join(tmpdir(), "sqe-zero-data-"));
  const settings = {
    SQE_DEV_EDGE_LOG: "log",
    SANDBOX_DURATION_MS: "300",
    SQE_TIME_SCALE: String(speed),
    MCE_CALLS_PER_MINUTE: "6000",
    TMPDIR: dir,
  };
  const stack = await startStack({ ...settings, SQE_LIMITS: "off" });
  try {
    const world = openProofWorld(stack, openCanaries());
    await world.sandbox.ask("clock", { speed });
    await keepUncompressed(stack);
    const redis = await watchRedis(stack.redis);
    try {
      const entries = await act(world, dir, say);
      say("Searching");
      return conclude(world, [...entries, ...redis.entries(), ...world.collected]);
    } finally {
      redis.close();
    }
  } finally {
    await stack.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Does all that leaves traces. @returns what the stores held while runs were at work, and at the end */
async function act(world: World, dir: string, say: (line: string) => void): Promise<Entry[]> {
  await noteSecrets(world);
  const planted = await plant(world);
  const key = await useOwnCredentials(world);
  say("A realistic Marketing Cloud: rows read, sorted and searched, written, refused");
  await world.sandbox.behave({ profile: "realistic", durationMs: 300 });
  await readEverything(world, planted);
  await writeTarget(world, planted);
  await failByThemselves(world, planted);
  await askWithoutRun(world, planted);
  say("People, keys and assistants");
  await readEverything(world, planted, key);
  await signIn(world, planted);
  await useTools(world, planted);
  say("Errors that quote rows, and calls that are refused in such words");
  await failInEverySentence(world, planted);
  await refuseEveryCall(world, planted);
  say("A hostile Marketing Cloud");
  await world.sandbox.behave({ profile: "hostile", durationMs: 300 });
  await readEverything(world, planted);
  await askWithoutRun(world, planted);
  say("Bridges that crash, an edge that is silent and one that is killed; the stores while queries run");
  const during = await disturb(world, planted, dir);
  await noteTokensOfMce(world);
  const asked = await askParts(world, dir);
  return [...during, ...asked, ...(await readStores(world.stack)), ...(await readFiles(dir, "temporary files"))];
}

/** Ends processes, and leaves runs executing. @returns what the stores hold of these */
async function disturb(world: World, planted: Planted, dir: string): Promise<Entry[]> {
  const { sandbox, stack, ask } = world;
  await sandbox.behave({ profile: "friendly", durationMs: 300 });
  for (const how of ["error", "rejection"] as const) await crashBridge(world, planted, dir, how);
  await silenceEdge(world, planted);
  await sandbox.behave({ durationMs: 60_000 });
  const waiting = await Promise.all([1, 2, 3].map(() => submit(world, queryWith(world, planted))));
  await stack.restart("edge");
  const during = await readStores(stack);
  for (const id of waiting) await ask("POST", `/v1/runs/${id}/cancel`, { expected: [409] });
  return during;
}

function conclude({ canaries }: World, entries: readonly Entry[]): Proof {
  const read = new Map<string, number>();
  const seen = new Set<string>();
  const fresh = entries.filter(({ sink, content }) => {
    if (content.length > 0) read.set(sink, (read.get(sink) ?? 0) + 1);
    // Stores are read twice, and much in them has stayed.
    const digest = hash("sha1", content, "base64") + sink;
    return !seen.has(digest) && seen.add(digest);
  });
  const found = findAll(canaries, fresh);
  const verdict = judge(found, read);
  // BullMQ keeps the message and the stack of what a job has thrown.
  if (!fresh.some(({ sink, content }) => sink.startsWith("Redis") && content.includes("stacktrace")))
    verdict.blind.push("stacktrace of BullMQ, because no job has failed");
  return { ...verdict, table: printed({ all: canaries.all, found, read }, verdict) };
}
