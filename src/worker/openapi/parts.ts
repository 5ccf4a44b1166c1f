import { z } from "zod";

/** An answer with a JSON body of this schema. */
export const json = (schema: object, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
/** An answer that is a problem; the description names its codes. */
export const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});
/** A reference to a schema of the document. */
export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** The JSON schema of a zod shape. One that lets in what it does not know is open here too: a later version may say more. */
export const schemaOf = (shape: z.ZodType): object => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
      // What an unknown word is read as is nothing that a client is ever told by default.
      if (def.type === "catch") delete jsonSchema.default;
    },
  });
  return schema;
};
/** The schema of any text. */
export const text = { type: "string" };

/** A problem that passes by itself. */
export const problemForNow = (description: string) => ({
  ...problem(description),
  headers: { "Retry-After": { description: "Seconds to wait before asking again", schema: { type: "integer" } } },
});

/** What every call of /v1 may answer. */
export const unauthenticated = problem("UNAUTHENTICATED");
/** What every call for users answers to others. */
export const forbidden = problem("FORBIDDEN: an operator's token, which is for /v1/admin only");
/** What a call answers that also needs the user's connection. */
export const forbiddenConnection = problem(
  "FORBIDDEN: an operator's token, or one whose connection is not its tenant's or not for its business unit",
);
/** What every call answers that has to ask Postgres. */
export const unavailable = problemForNow("UNAVAILABLE: the database does not answer");
