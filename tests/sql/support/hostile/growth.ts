/** A text of one kind, as long as it can be within a number of characters. */
export type Kind = (maxLength: number) => string;

/** How a text is grown: `head`, n times `open`, `core`, n times `close`, `tail`. */
export type Growth = { head?: string; open?: string; core?: string; close?: string; tail?: string };

/** A text that is nested, or chained, ever deeper. */
export function grown({
  head = "SELECT ",
  open = "",
  core = "Id",
  close = "",
  tail = " AS c FROM Wide",
}: Growth): Kind {
  const fixed = head.length + core.length + tail.length;
  return (maxLength) => {
    const times = Math.max(1, Math.floor((maxLength - fixed) / (open.length + close.length)));
    return head + open.repeat(times) + core + close.repeat(times) + tail;
  };
}

/** A list of ever other items, joined. */
export function listed(
  item: (index: number) => string,
  between: string,
  { head = "SELECT ", tail = " FROM Wide" }: Growth,
): Kind {
  return (maxLength) => {
    const items: string[] = [];
    let length = head.length + tail.length;
    for (let index = 0; ; index += 1) {
      const next = item(index);
      length += next.length + between.length;
      if (length > maxLength && index > 0) break;
      items.push(next);
    }
    return head + items.join(between) + tail;
  };
}

/** Grown, or listed, in the WHERE or the FROM of a query. */
export const inWhere = { head: "SELECT Id FROM Wide WHERE ", tail: "" };
export const inFrom = { head: "SELECT Id FROM ", tail: "" };

/** A text as often as it fits into so many characters, at least once. */
export function filled(text: string, maxLength: number): string {
  return text.repeat(Math.max(1, Math.floor(maxLength / text.length)));
}
