/** Small parts that name a model and what is special about it. */
import { Ellipsis } from "../../components";
import { colorBook } from "../../lib/colors";

/** A model, with its effort and its agent under it where they are known: most agents write no effort. */
export function ModelCell({ model, effort, extra }: { model: string | null; effort: string | null; extra?: string | null }) {
  const under = [effort, extra].filter(Boolean).join(" · ");
  return (
    <div class="tv-two">
      <Ellipsis text={model} fallback="unknown model" />
      {under !== "" && (
        <span class="tv-sub">
          <Ellipsis text={under} />
        </span>
      )}
    </div>
  );
}

/** A name with the colour it has in the charts. */
export function SwatchName({ name, label, plain, title }: { name: string; label: string; plain?: boolean; title?: string }) {
  return (
    <span class="tv-swatch-name">
      {!plain && <span class="td-swatch" style={{ backgroundColor: colorBook.colorOf(name) }} aria-hidden="true" />}
      <Ellipsis text={label} fallback="unknown" title={title} />
    </span>
  );
}
