import process from "node:process";
import { test } from "vitest";

/** Whether this is `npm run test:long`: then a matrix is whole, and what waits for long is waited for. */
export const isLong = process.env["SQE_TESTS"] === "long";

/** A test of the long tier alone; a file beside it, `*.long.test.ts`, brings it there. */
export const longTest: ReturnType<typeof test.runIf> = test.runIf(isLong);
