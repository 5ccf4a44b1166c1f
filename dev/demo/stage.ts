import type { Client } from "#client/client.ts";
import type { Listener } from "./speech.ts";

/** What every part of the demo uses: alice's client, the sandbox's address to check what happened, and the output. */
export type Stage = { client: Client; sandbox: string; say: Listener };
