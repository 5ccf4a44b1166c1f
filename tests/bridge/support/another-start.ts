import { sign, signatureHeader, timestampHeader } from "#protocol/signature.ts";
import type { World } from "./world.ts";

/** Asks for the first Perform of a run as another start of its processor would. */
export const askGrant = (world: World, id: string) =>
  ask(world, id, "grant", { epoch: 1, n: 1, nonce: crypto.randomUUID() });

/** Claims a run as another bridge would, which fences the start that had it. */
export const claimAnew = (world: World, id: string) => ask(world, id, "claim", { claimId: crypto.randomUUID() });

async function ask({ edge, environment }: World, id: string, verb: string, content: unknown): Promise<void> {
  const path = `/bridge/runs/${id}/${verb}`;
  const body = JSON.stringify(content);
  const timestamp = `${Date.now()}`;
  const signature = await sign(environment.BRIDGE_SECRET, { method: "POST", path, timestamp, body });
  const headers = { [timestampHeader]: timestamp, [signatureHeader]: signature };
  await fetch(edge.url + path, { method: "POST", headers, body });
}
