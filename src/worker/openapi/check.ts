import { forbiddenConnection, json, problem, problemForNow, ref, text, unauthenticated } from "./parts.ts";

const place = { type: "integer", minimum: 1 };
/** One finding about a query, with its place. */
export const diagnostic = {
  type: "object",
  required: ["code", "severity", "message", "line", "column", "endLine", "endColumn"],
  properties: {
    code: text,
    severity: {
      enum: ["error", "warning", "info"],
      description: "An error would fail in Marketing Cloud, a warning may; info is worth knowing of a query that runs",
    },
    message: text,
    line: place,
    column: { ...place, description: "1-based, in UTF-16 units" },
    endLine: place,
    endColumn: { ...place, description: "Exclusive" },
    fix: text,
    edits: {
      type: "array",
      description: "The fix as changes of the text, where there is one answer: all of them together",
      items: {
        type: "object",
        required: ["line", "column", "endLine", "endColumn", "text"],
        properties: { line: place, column: place, endLine: place, endColumn: place, text },
      },
    },
    mce: { ...text, description: "Marketing Cloud's own words, row values masked" },
  },
};

/** The answer of `POST /v1/sql/check`. */
export const checkAnswer = {
  type: "object",
  required: ["ok", "diagnostics", "tables", "columns", "notes"],
  properties: {
    ok: { type: "boolean", description: "None of the diagnostics is an error" },
    diagnostics: { type: "array", items: ref("Diagnostic") },
    tables: {
      type: "array",
      items: {
        type: "object",
        required: ["name", "ent", "isDataView"],
        properties: {
          name: text,
          ent: { type: "boolean", description: "Written with `Ent.`" },
          isDataView: { type: "boolean" },
        },
      },
    },
    columns: {
      type: "array",
      items: ref("Column"),
      description: "The query's columns; empty when they cannot be known",
    },
    notes: { type: "array", items: text, description: "Includes what could not be checked" },
  },
};

/** `POST /v1/sql/check`. */
export const check = {
  summary: "Check SQL without running it",
  requestBody: {
    required: true,
    content: {
      "application/json": {
        schema: {
          type: "object",
          required: ["sql"],
          additionalProperties: false,
          properties: { sql: { type: "string", maxLength: 100_000 } },
        },
      },
    },
  },
  responses: {
    200: json(ref("Check"), "The findings. A query that cannot run is 200 too, with `ok: false`"),
    400: problem("INVALID_JSON"),
    401: unauthenticated,
    403: forbiddenConnection,
    413: problem("TOO_LARGE: over 100,000 characters"),
    422: problem("INVALID_BODY"),
    429: problemForNow("RATE_LIMITED"),
  },
};
