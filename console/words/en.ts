import { editorWords } from "./en/editor.ts";
import { gridWords } from "./en/grid.ts";
import { pageWords } from "./en/page.ts";
import { resultWords } from "./en/result.ts";
import { runWords } from "./en/run.ts";
import { schemaWords } from "./en/schema.ts";
import { settingsWords } from "./en/settings.ts";
import { sheetWords } from "./en/sheets.ts";

/** Every English sentence of the page. Another language is another file of this shape. */
export const words = {
  ...pageWords,
  ...runWords,
  ...resultWords,
  grid: gridWords,
  editor: editorWords,
  schema: schemaWords,
  settings: settingsWords,
  sheets: sheetWords,
};
