import { app } from "./app.ts";

export { RunObject } from "#run-object/object.ts";
export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
