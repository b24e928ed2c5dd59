/** The outline of a row of cards, as high as the cards will be. */
import { Late, Skeleton } from "../../components";
import "../overview/providercards.css";

/** So many cards to come, each of this height in pixels. */
export function CardSkeletons({ count, height }: { count: number; height: number }) {
  return (
    <Late class="tv-pcards">
      {Array.from({ length: count }, (_, at) => (
        <div key={at} class="tv-pcard" style={{ minHeight: `${height}px` }}>
          <Skeleton shape="kpi" />
        </div>
      ))}
    </Late>
  );
}
