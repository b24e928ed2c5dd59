/** The parts of a figure, wrapped between them and never inside one. */
import "./parts.css";

interface PartsProps {
  parts: readonly string[];
  /** Amounts have a width of their own, so that hiding them moves nothing. */
  money?: boolean;
}

/** "in 16.5M  cached 283.6M  out 2.93M". */
export function Parts({ parts, money = false }: PartsProps) {
  return (
    <span class={money ? "tv-parts tv-parts--money" : "tv-parts"}>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </span>
  );
}
