/** `scripts/package` writes it into what it builds. */
declare const SQE_VERSION: string | undefined;

/** The version of the command that was built; the sources have none. */
export const version = typeof SQE_VERSION === "undefined" ? "sources" : SQE_VERSION;
