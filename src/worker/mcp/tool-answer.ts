import { readJson } from "#lang/json.ts";

/** What a tool answers: one text, for the model. */
export type ToolAnswer = { content: { type: "text"; text: string }[]; isError?: true };

/** Answers with a value as JSON. */
export function told(value: unknown): ToolAnswer {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}

/**
 * Answers with what the API said: its JSON, or the problem, which the model can act on.
 *
 * @param shown takes what a model needs of a successful answer
 */
export async function toldOf(answer: Response, shown: (body: never) => unknown = (body) => body): Promise<ToolAnswer> {
  const body = readJson(await answer.text());
  // What the API answers has the shape of its description.
  return answer.ok ? told(shown(body as never)) : refusedWith(body);
}

/** A problem without what only programs read. */
function refusedWith(body: unknown): ToolAnswer {
  const { type: _type, status: _status, ...problem } = body as Record<string, unknown>;
  return { ...told(problem), isError: true };
}
