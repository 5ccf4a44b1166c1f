import { useMemo } from "react";
import type { Parameter } from "#client/run-state.ts";
import { usePage } from "../state/state.ts";
import { activeTab, changeTab } from "../state/tabs.ts";
import { words } from "../words/en.ts";
import { parameterNames } from "./parameters.ts";
import css from "./run-bar.module.css";

/** A small form for the `@names` of the text; nothing where it has none. */
export function ParametersBar() {
  const { id, sql, parameters } = usePage(activeTab);
  const names = useMemo(() => parameterNames(sql), [sql]);
  if (names.length === 0) return null;
  const set = (name: string, next: { type?: Parameter["type"]; text?: string }) => {
    const known = parameters[name] ?? { type: "text", text: "" };
    changeTab(id, { parameters: { ...parameters, [name]: { ...known, ...next } } });
  };
  return (
    <fieldset className={css["parameters"]} aria-label={words.parameters}>
      {names.map((name) => {
        const { type, text } = parameters[name] ?? { type: "text", text: "" };
        return (
          <span key={name} className={css["parameter"]}>
            <code>@{name}</code>
            <select
              aria-label={words.parameterType(name)}
              value={type}
              // The options are the types.
              onChange={(event) => set(name, { type: event.target.value as Parameter["type"] })}
            >
              {Object.entries(words.parameterTypes).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
            <input
              aria-label={words.parameterValue(name)}
              value={text}
              placeholder={type === "date" ? "2026-01-31" : type === "text" ? "" : words.emptyIsNull}
              onChange={(event) => set(name, { text: event.target.value })}
            />
          </span>
        );
      })}
    </fieldset>
  );
}
