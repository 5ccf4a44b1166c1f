import packageJson from "../../package.json" with { type: "json" };

/** The version of this program. package.json alone says it (D30). */
export const version: string = packageJson.version;
