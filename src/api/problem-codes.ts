/** Every code of a problem: its HTTP status and its title. */
export const problemCodes = {
  INVALID_JSON: [400, "The body is not JSON"],
  UNAUTHENTICATED: [401, "Sign in first"],
  CLOCK_SKEW: [401, "The clocks are too far apart"],
  FORBIDDEN: [403, "This token does not allow that"],
  RUN_NOT_FOUND: [404, "No such run"],
  TABLE_NOT_FOUND: [404, "No such table"],
  QUERY_ACTIVITY_NOT_FOUND: [404, "No such Query Activity"],
  NOT_FOUND: [404, "No such address"],
  RUN_NOT_READY: [409, "The run has no rows to read"],
  RESULT_EXPIRED: [410, "The rows have expired"],
  TOO_LARGE: [413, "The request is too large"],
  INVALID_BODY: [422, "The request is not valid"],
  SQL_REJECTED: [422, "The SQL cannot be run"],
  IDEMPOTENCY_MISMATCH: [422, "This Idempotency-Key was used for another request"],
  PAGE_OUT_OF_RANGE: [422, "No such page"],
  NOT_SORTABLE: [422, "These rows can only be read as they come"],
  NOT_READABLE: [422, "Its rows can only be queried"],
  RATE_LIMITED: [429, "Too many requests"],
  INTERNAL: [500, "Something went wrong"],
  NOT_YET: [501, "This is not available yet"],
  MCE_ERROR: [502, "Marketing Cloud refused"],
  MCE_BUSY: [503, "Marketing Cloud is busy or unreachable"],
  UNAVAILABLE: [503, "Part of the service is unavailable"],
} as const;

export type ProblemCode = keyof typeof problemCodes;
