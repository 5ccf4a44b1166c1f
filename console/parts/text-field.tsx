import { useId, type InputHTMLAttributes, type ReactNode } from "react";
import css from "./text-field.module.css";

type FieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "className" | "id"> & {
  label: string;
  detail?: ReactNode;
  problem?: string | undefined;
  onChange: (value: string) => void;
};

/** One line of text with its label and, below, what to know about it. */
export function TextField({ label, detail, problem, onChange, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={css["field"]}>
      <label htmlFor={id} className={css["label"]}>
        {label}
      </label>
      <input
        {...rest}
        id={id}
        className={css["input"]}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-detail`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-detail`} className={problem === undefined ? css["detail"] : css["problem"]}>
        {problem ?? detail}
      </p>
    </div>
  );
}
