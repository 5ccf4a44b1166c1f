import type { Api } from "./api.ts";
import type { Listener } from "./speech.ts";

/** What every part of the demo uses: alice's API, the sandbox's address to check what happened, and the output. */
export type Stage = { api: Api; sandbox: string; say: Listener };
