import { Validator, type Schema } from "@cfworker/json-schema";

type Answer = {
  headers?: Record<string, { required?: boolean }>;
  content?: Record<string, { schema: Schema }>;
  "x-codes"?: string[];
};
type Operation = { responses: Record<string, Answer>; security?: Record<string, string[]>[] };
/** What is read of an OpenAPI document. */
export type ApiDocument = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

/** Holds answers against the OpenAPI document. */
export type Contract = {
  /** Checks status, headers and body of an answer, which stays readable. @throws when the document does not describe it */
  check(method: string, path: string, answer: Response): Promise<void>;
  /** Checks a value against one of the document's schemas. @throws when it does not fit */
  checkValue(schema: string, value: unknown): void;
};

/**
 * Opens the contract. It is stricter than the document, in which a later version may add members: here one that it does
 * not name is a mistake.
 *
 * @param count is told of each answer, such as `GET /v1/runs 200`
 */
export function openContract(document: ApiDocument, count: (answer: string) => void): Contract {
  const { paths, components } = closed(document);
  const validators = new Map<Schema, Validator>();

  function validate(what: string, schema: Schema, value: unknown): void {
    const known = validators.get(schema) ?? new Validator({ ...schema, components }, "2020-12", false);
    validators.set(schema, known);
    const { valid, errors } = known.validate(value);
    if (valid) return;
    const lines = errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`);
    throw new Error(`${what} is not as openapi.json says:\n${lines.join("\n")}\n${JSON.stringify(value)}`);
  }

  return {
    checkValue: (name, value) => validate(name, { $ref: `#/components/schemas/${name}` }, value),
    async check(method, path, answer) {
      // What bridges and the edge say to each other is no part of the public API.
      if (path.startsWith("/bridge/")) return;
      const template = templateOf(Object.keys(paths), path);
      const operation = paths[template ?? ""]?.[method.toLowerCase()];
      const what = `${method} ${operation === undefined ? "(no address)" : template} ${answer.status}`;
      const told = operation === undefined ? nowhere : operation.responses[answer.status];
      if (told === undefined) throw new Error(`${what} is not in openapi.json`);
      await checkParts(what, told, answer, validate);
      count(what);
    },
  };
}

/** The answer of an address that the document does not have. */
const nowhere: Answer = {
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

async function checkParts(
  what: string,
  { headers = {}, content = {}, "x-codes": codes }: Answer,
  answer: Response,
  validate: (what: string, schema: Schema, value: unknown) => void,
): Promise<void> {
  const missing = Object.keys(headers).filter((name) => headers[name]?.required === true && !answer.headers.has(name));
  if (missing.length > 0) throw new Error(`${what} lacks ${missing.join(", ")}`);
  const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
  const told = content[type];
  const hasBody = Object.keys(content).length > 0;
  if (hasBody !== (type !== "") || (hasBody && told === undefined)) throw new Error(`${what} is of type "${type}"`);
  // A stream is read by the test itself.
  if (told === undefined || !type.endsWith("json")) return;
  const body: unknown = await answer.clone().json();
  validate(what, told.schema, body);
  const { code } = body as { code?: string };
  if (codes !== undefined && !codes.includes(code ?? "")) throw new Error(`${what} may not be ${code}`);
}

function templateOf(templates: readonly string[], path: string): string | undefined {
  const { pathname } = new URL(path, "http://edge.example");
  return templates.find((template) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(pathname));
}

/** A copy in which no object has more members than those it names. */
function closed<T>(part: T): T {
  if (Array.isArray(part)) return part.map(closed) as T;
  if (typeof part !== "object" || part === null) return part;
  const copy = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value as unknown)]));
  const isObject = copy["type"] === "object" && copy["properties"] !== undefined;
  return (isObject ? { additionalProperties: false, ...copy } : copy) as T;
}
