/** The Worker of `npm run bench:sql-hostile -- --reader`: it checks a text as the edge does, with all that may be known of it. */
import { checkAll } from "../../tests/sql/support/ask-everything.ts";

export default {
  async fetch(request: Request): Promise<Response> {
    // The bench sends it.
    const { sql } = (await request.json()) as { sql: string };
    return Response.json(checkAll(sql));
  },
};
