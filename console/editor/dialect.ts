import { SQLDialect } from "@codemirror/lang-sql";
import { LanguageSupport, syntaxTree } from "@codemirror/language";
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";

/** The words of a SELECT in T-SQL. CodeMirror's own list has those of all statements: it paints columns like Name or Status. */
const keywords =
  "select top percent with ties distinct all as from where and or not in exists between like escape is null join inner " +
  "left right full outer cross apply on group by having order asc desc offset rows row only fetch next first union intersect " +
  "except case when then else end over partition range unbounded preceding following current any some values pivot " +
  "unpivot for within tablesample collate at time zone try_convert option nolock rollup cube grouping sets window";

const types =
  "int bigint smallint tinyint bit decimal numeric money smallmoney float real date datetime datetime2 smalldatetime " +
  "datetimeoffset time char varchar nchar nvarchar text ntext uniqueidentifier varbinary binary";

/** T-SQL as Marketing Cloud takes it. */
export const dialect: SQLDialect = SQLDialect.define({
  keywords,
  types,
  operatorChars: "*+-%<>!=^&|/",
  specialVar: "@",
  identifierQuotes: '"[',
  caseInsensitiveIdentifiers: true,
});

/**
 * The language of the editor, with its comments and brackets. Without the keywords that `sql()` offers everywhere: they come
 * with our own completion, which knows where they may stand.
 */
export function language(): LanguageSupport {
  return new LanguageSupport(dialect.language);
}

const call = Decoration.mark({ class: "cm-call" });
const view = Decoration.mark({ class: "cm-view" });
/** Keywords that a parenthesis may follow; before it the others are functions: LEFT(…), RIGHT(…). */
const notCalled =
  /^(?:in|exists|as|on|and|or|not|where|from|join|over|values|when|then|else|by|select|having|top|all|any|some|apply|union|except|intersect|between|like|case|for|pivot|unpivot|with|distinct|group|sets)$/i;

/** Paints functions and data views, which a grammar of words cannot tell from columns. */
export const calls: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(editor: EditorView) {
      this.decorations = painted(editor);
    }
    update({ docChanged, viewportChanged, startState, state, view: editor }: ViewUpdate): void {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = painted(editor);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function painted({ state, visibleRanges }: EditorView): DecorationSet {
  const marks = new RangeSetBuilder<Decoration>();
  const { doc } = state;
  for (const { from, to } of visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        if (name !== "Identifier" && name !== "Keyword" && name !== "Type" && name !== "Builtin") return;
        const word = doc.sliceString(start, end);
        if (/^\s*\(/.test(doc.sliceString(end, end + 8)) && !notCalled.test(word)) marks.add(start, end, call);
        else if (word.startsWith("_") && name === "Identifier") marks.add(start, end, view);
      },
    });
  }
  return marks.finish();
}
