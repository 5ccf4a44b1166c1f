/** Words of the engine as a sentence of their own. A name of a table or column at their beginning stays as it is. */
export function sentence(text: string): string {
  return /^(?:the|a|an|no|this|it|expected) /.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}
