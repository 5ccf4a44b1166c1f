import type { ReactNode } from "react";
import css from "./states.module.css";

/** One message in the middle of the result: what, why, and what to do next. */
export function Card({
  look,
  title,
  code,
  children,
  foot,
}: {
  look: "bad" | "warn" | "good" | "dim";
  title: string;
  code?: string | undefined;
  children?: ReactNode;
  foot?: ReactNode;
}) {
  return (
    <article className={css["card"]} data-look={look}>
      <h2 className={css["title"]}>
        {title}
        {code !== undefined && <code className={css["code"]}>{code}</code>}
      </h2>
      {children}
      {foot !== undefined && foot !== false && <footer className={css["foot"]}>{foot}</footer>}
    </article>
  );
}
