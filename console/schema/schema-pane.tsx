import { RefreshCw } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { IconButton } from "../parts/button.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { loadTables, useCatalogue } from "../engine/catalogue.ts";
import { say } from "../state/state.ts";
import { words } from "../words/en.ts";
import { nodesLike, nodesOf } from "./nodes.ts";
import css from "./schema.module.css";
import { Tree } from "./tree.tsx";

/** What there is to query. */
export function SchemaPane() {
  const catalogue = useCatalogue((now) => now);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(["root:data-extension"]));
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text);
  const nodes = useMemo(
    () => (wanted.trim() === "" ? nodesOf(catalogue, open) : nodesLike(catalogue, wanted, open)),
    [catalogue, open, wanted],
  );
  const { schema } = words;
  const refresh = async () => {
    await loadTables(true);
    say(schema.refreshed);
  };
  return (
    <section className={css["pane"]} aria-label={words.panes.schema} data-pane="schema">
      <div className={css["search"]}>
        <SearchField label={schema.search} clearLabel={schema.clear} value={text} onChange={setText} />
        <IconButton label={schema.refresh} icon={<RefreshCw size={15} />} onPress={() => void refresh()} />
      </div>
      {catalogue.refusal !== undefined && (
        <p className={css["refusal"]} role="alert">
          {schema.refused}: {catalogue.refusal}
        </p>
      )}
      {nodes.length === 0 ? (
        <p className={css["none"]}>{catalogue.isListed ? schema.noMatch(text) : schema.loading}</p>
      ) : (
        <Tree nodes={nodes} onToggle={(id) => setOpen((now) => toggled(now, id))} />
      )}
    </section>
  );
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(id)) next.add(id);
  return next;
}
