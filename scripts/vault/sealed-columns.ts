/** A column of sealed texts; `row` is SQL for what the vault calls the row, which is unique in its table. */
export type SealedColumn = { table: string; field: string; row: string };

/** Every column of Postgres that the vault has sealed. A test holds the list against the schema. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: "connections", field: "client_secret", row: "id::text" },
  { table: "connections", field: "refresh_token", row: "id::text" },
  { table: "packages", field: "client_secret", row: "id::text" },
  { table: "grants", field: "refresh_token", row: "id::text" },
  { table: "grants", field: "previous_refresh_token", row: "id::text" },
  { table: "grant_tokens", field: "token", row: "grant_id || '/' || mid" },
];
