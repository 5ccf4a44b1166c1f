import { Search, X } from "lucide-react";
import { Bare } from "./button.tsx";
import css from "./search-field.module.css";

type SearchProps = {
  label: string;
  clearLabel: string;
  value: string;
  onChange: (value: string) => void;
  /** The field is what its sheet was opened for. */
  isFirst?: boolean;
};

/** A field to search by; Escape clears it. */
export function SearchField({ label, clearLabel, value, onChange, isFirst = false }: SearchProps) {
  return (
    <search className={css["field"]}>
      <Search size={15} aria-hidden />
      <input
        type="text"
        role="searchbox"
        className={css["input"]}
        aria-label={label}
        placeholder={label}
        value={value}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- only in a sheet, which takes the focus anyway
        autoFocus={isFirst}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.stopPropagation();
          onChange("");
        }}
      />
      {value !== "" && (
        <Bare className={css["clear"]} aria-label={clearLabel} onPress={() => onChange("")}>
          <X size={14} />
        </Bare>
      )}
    </search>
  );
}
