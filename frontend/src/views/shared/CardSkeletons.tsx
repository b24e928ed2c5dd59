/** The outline of a row of cards, as high as the cards will be. */
import { Skeleton } from "../../components";
import "../overview/providercards.css";

/** So many cards to come, each of this height in pixels. */
export function CardSkeletons({ count, height }: { count: number; height: number }) {
  return (
    <div class="tv-pcards tv-late">
      {Array.from({ length: count }, (_, at) => (
        <div key={at} class="tv-pcard" style={{ minHeight: `${height}px` }}>
          <Skeleton shape="kpi" />
        </div>
      ))}
    </div>
  );
}
