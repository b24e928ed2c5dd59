import "./Progress.css";

export interface ProgressProps {
  /** What goes on, for screen readers. */
  label: string;
  /** 0 to 1; null while the length is not known. */
  value: number | null;
  /** Written under the bar: files, bytes, time left. */
  text?: string;
}

/** A thin bar for work that takes a while. */
export function Progress({ label, value, text }: ProgressProps) {
  const share = value === null || !Number.isFinite(value) ? null : Math.min(1, Math.max(0, value));
  return (
    <div class="td-progress">
      <div
        class={share === null ? "td-progress__track td-progress__track--unknown" : "td-progress__track"}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        aria-valuetext={text}
      >
        <span class="td-progress__fill" style={{ width: share === null ? "30%" : `${share * 100}%` }} />
      </div>
      {text !== undefined && <div class="td-progress__text">{text}</div>}
    </div>
  );
}
