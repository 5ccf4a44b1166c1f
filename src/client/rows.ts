import type { ResultPage, Row } from "./result-page.ts";

/** A result shows at most this many pages, 2,500 rows. */
const pagesMax = 50;

/**
 * Turns the pages of a result and yields its rows, 2,500 at most. The next page is asked for when half of one is used up, so
 * that who stops early costs no call.
 *
 * @param readPage reads one page, from 1
 */
export async function* turnPages(readPage: (page: number) => Promise<ResultPage>): AsyncGenerator<Row> {
  let coming: Promise<ResultPage> | undefined = readPage(1);
  for (let number = 1; coming !== undefined; number += 1) {
    const { columns, rows, pages } = await coming;
    coming = undefined;
    const hasNext = number < Math.min(pages, pagesMax);
    for (const [index, row] of rows.entries()) {
      if (hasNext && coming === undefined && index * 2 >= rows.length) coming = ahead(readPage(number + 1));
      yield Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]));
    }
    if (hasNext) coming ??= readPage(number + 1);
  }
}

/** A page that may fail before anyone waits for it; who waits is told then. */
function ahead(page: Promise<ResultPage>): Promise<ResultPage> {
  page.catch(() => undefined);
  return page;
}
