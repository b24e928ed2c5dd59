import { useId } from "preact/hooks";
import "./Segmented.css";

export interface SegmentedOption<Value extends string> {
  value: Value;
  label: string;
  title?: string;
}

export interface SegmentedProps<Value extends string> {
  /** Name of the group, for screen readers. */
  label: string;
  value: Value;
  options: readonly SegmentedOption<Value>[];
  onChange: (value: Value) => void;
  size?: "normal" | "small";
}

/** A row of choices, one of which holds: native radio buttons, so arrows move and Tab leaves. */
export function Segmented<Value extends string>({ label, value, options, onChange, size = "normal" }: SegmentedProps<Value>) {
  const name = useId();
  return (
    <div class={`td-segmented td-segmented--${size}`} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class="td-segmented__item" title={option.title}>
          <input
            class="td-segmented__input"
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span class="td-segmented__text">{option.label}</span>
        </label>
      ))}
    </div>
  );
}
