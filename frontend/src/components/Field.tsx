import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./Field.css";

/** One object per type, because a box's attributes depend on its type. */
const TYPES = {
  text: { type: "text" },
  search: { type: "search" },
  number: { type: "number" },
  date: { type: "date" },
  time: { type: "time" },
} as const;

export interface TextFieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** What is wrong, beside the field. */
  error?: string | null;
  hint?: ComponentChildren;
  type?: keyof typeof TYPES;
  placeholder?: string;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  mono?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  onEnter?: () => void;
  class?: string;
}

/** A labelled text box with its hint and what is wrong beside it. */
export function TextField(props: TextFieldProps) {
  const { label, value, onInput, error, hint, type = "text", placeholder, hideLabel, mono, disabled, autofocus, onEnter } = props;
  const id = useId();
  return (
    <div class={["td-field", props.class].filter(Boolean).join(" ")}>
      <label class={hideLabel ? "td-hidden" : "td-field__label"} for={id}>
        {label}
      </label>
      <input
        id={id}
        class={mono ? "td-control td-mono" : "td-control"}
        {...TYPES[type]}
        value={value}
        placeholder={placeholder}
        disabled={disabled}
        autofocus={autofocus}
        spellcheck={false}
        autocomplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Enter" && !event.isComposing && onEnter?.()}
      />
      {(error || hint) && (
        <div id={`${id}-note`} class={error ? "td-field__note td-field__note--bad" : "td-field__note"}>
          {error || hint}
        </div>
      )}
    </div>
  );
}

export interface SwitchProps {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: ComponentChildren;
  disabled?: boolean;
  /** Shows a change only once it holds: it may be refused, or asked about first. */
  waits?: boolean;
  /** Only the switch is seen, where its name stands beside it already. */
  bare?: boolean;
}

/** An on/off choice that holds at once. */
export function Switch({ label, checked, onChange, hint, disabled, waits = false, bare = false }: SwitchProps) {
  const change = (box: HTMLInputElement) => {
    const wanted = box.checked;
    if (waits) box.checked = checked;
    onChange(wanted);
  };
  return (
    <label class="td-switch">
      <input
        class="td-switch__input"
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(event) => change(event.currentTarget)}
      />
      <span class={bare ? "td-hidden" : "td-switch__text"}>
        {label}
        {hint !== undefined && <span class="td-field__note">{hint}</span>}
      </span>
    </label>
  );
}
