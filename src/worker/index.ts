import { app } from "./app.ts";
import { scheduled } from "./cron/scheduled.ts";

export { RunObject } from "#run-object/object.ts";
export default { fetch: app.fetch, scheduled } satisfies ExportedHandler<Env>;
