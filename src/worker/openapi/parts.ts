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
/** The JSON schema of a zod shape. A shape that accepts unknown members is open here too: a later version may add some. */
export const schemaOf = (shape: z.ZodType): object => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === "object" && def.catchall === undefined) delete jsonSchema.additionalProperties;
      // The fallback for an unknown word is not a default that a client can see.
      if (def.type === "catch") delete jsonSchema.default;
    },
  });
  return schema;
};
/** The schema of any text. */
export const text = { type: "string" };

/** A problem that is temporary. */
export const problemForNow = (description: string) => ({
  ...problem(description),
  headers: { "Retry-After": { description: "Seconds to wait before asking again", schema: { type: "integer" } } },
});

/** A possible answer of every /v1 call. */
export const unauthenticated = problem("UNAUTHENTICATED");
/** The answer of every user call to an operator. */
export const forbidden = problem("FORBIDDEN: an operator's token, which is for /v1/admin only");
/** The same for calls that need the user's connection. */
export const forbiddenConnection = problem(
  "FORBIDDEN: an operator's token, or one whose connection is not its tenant's or does not allow its business unit",
);
/** A possible answer of every call that asks Postgres. */
export const unavailable = problemForNow("UNAVAILABLE: the database does not answer");
