import type { Api } from "./api.ts";
import type { Listener } from "./speech.ts";

/** What every act of the demo plays with: alice's API, the sandbox to ask what really happened, and the audience. */
export type Stage = { api: Api; sandbox: string; say: Listener };
