import { clipText, visibleText } from "../lib/text";
import "./Field.css";

export interface SelectOption<Value extends string> {
  value: Value;
  label: string;
  disabled?: boolean;
}

export interface SelectProps<Value extends string> {
  /** The accessible name; shown before the box with `showLabel`. */
  label: string;
  value: Value;
  options: readonly SelectOption<Value>[];
  onChange: (value: Value) => void;
  showLabel?: boolean;
  disabled?: boolean;
  title?: string;
}

/** The platform's select box; labels may be log text. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, onChange, showLabel = false, disabled, title } = props;
  return (
    <label class="td-select" title={title}>
      <span class={showLabel ? "td-select__label" : "td-hidden"}>{label}</span>
      <select
        class="td-control"
        value={value}
        disabled={disabled}
        onChange={(event) => {
          const chosen = options[event.currentTarget.selectedIndex];
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled} selected={option.value === value}>
            {clipText(visibleText(option.label), 80)}
          </option>
        ))}
      </select>
    </label>
  );
}
