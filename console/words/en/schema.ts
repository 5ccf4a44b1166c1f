/** The tree of data. */
export const schemaWords = {
  label: "Data",
  search: "Search tables and fields",
  clear: "Clear the search",
  roots: {
    "data-extension": "Data Extensions",
    shared: "Shared",
    synchronized: "Synchronized",
    "data-view": "Data views",
  },
  loading: "Reading …",
  empty: "Nothing here",
  noMatch: (text: string) => `Nothing is named like “${text}”.`,
  refresh: "Read again from Marketing Cloud",
  refreshed: "The list is up to date.",
  refused: "Cannot read the tables",
  insert: "Insert",
  preview: "Preview rows",
  copyName: "Copy name",
  menu: (name: string) => `What to do with ${name}`,
  help: "Enter inserts, Space shows rows, Ctrl+C copies the name.",
  matches: (number: number) => `${number} ${number === 1 ? "match" : "matches"}`,
};
