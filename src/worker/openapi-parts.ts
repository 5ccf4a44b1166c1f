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
/** The JSON schema of a zod shape. */
export const schemaOf = (shape: z.ZodType): object => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape);
  return schema;
};
/** The schema of any text. */
export const text = { type: "string" };

/** What every call of /v1 may answer. */
export const unauthenticated = problem("UNAUTHENTICATED");
