/** One provider of the widget: its rings, what they say in words, and today's use. */
import type { Usage } from "../../api/types";
import { Ellipsis, Icon, Ring, type RingPart } from "../../components";
import { exactTokens, formatCount, formatDateTime, formatMoney, formatPercent } from "../../lib/format";
import { pressureTone } from "../../lib/colors";
import { clipText, visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { leaveWidget } from "../../state/widget";
import { useLimitSteps, useTokenFormat } from "../shared/figures";
import { countdownWords, nearness, spokenReset } from "./countdown";
import { shortWindow, standingOf, type Dial, type DialWindow, type Standing } from "./dials";
import "./dial.css";

const NONE = "–";
/** More would push the figures of the other providers out of the window. */
const MOST_MARKS = 4;

/** A provider; its ring opens its page in the full window. */
export function ProviderDial({ dial }: { dial: Dial }) {
  const store = useStore();
  const standing = standingOf(dial, store.zone.value, now.value);
  const open = () => void leaveWidget(store, { name: "provider", id: dial.id });
  return (
    <article class={dial.windows.length > 0 ? "tv-dial" : "tv-dial tv-dial--plain"} aria-label={clipText(visibleText(dial.name), 80)}>
      <button type="button" class="tv-dial__ring" aria-label={spoken(dial, standing)} title={`Open ${clipText(visibleText(dial.name), 80)} in the full window`} onClick={open}>
        {dial.windows.length > 0 ? <Rings dial={dial} /> : <PlainMark dial={dial} />}
      </button>
      <div class="tv-dial__head">
        <span class="td-dot" style={{ backgroundColor: providerColor(dial.id) }} aria-hidden="true" />
        <span class="tv-dial__name">
          <Ellipsis text={dial.name} />
        </span>
      </div>
      {dial.windows.length > 0 && (
        <div class="tv-dial__windows">
          {dial.windows.map((each) => (
            <WindowLine key={each.window.window_minutes} shown={each} />
          ))}
          <Marks marks={dial.marks} />
        </div>
      )}
      <Today usage={dial.today} alone={dial.windows.length === 0} />
      <span class={`tv-dial__standing tv-dial__standing--${standing.tone}`} title={standing.words}>
        {standing.words}
      </span>
    </article>
  );
}

function Rings({ dial }: { dial: Dial }) {
  const steps = useLimitSteps();
  const rings = dial.windows.map(
    ({ window, of }): RingPart => ({
      label: of ?? window.label,
      percent: window.used_percent,
      color: providerColor(dial.id),
      stale: window.state === "stale",
    }),
  );
  return (
    <Ring rings={rings} label={dial.name} size="var(--dial)" steps={steps}>
      <Middle percent={dial.windows[0]?.window.used_percent ?? null} />
    </Ring>
  );
}

/** The figure of the shorter window; where the ring is small it goes without its sign, which stands beside it. */
function Middle({ percent }: { percent: number | null }) {
  const [figure = NONE, sign] = formatPercent(percent, NONE).split(" ");
  return (
    <span>
      {figure}
      {sign && <span class="tv-dial__sign"> {sign}</span>}
    </span>
  );
}

/** Where no limit is known there is no ring that could be taken for an empty one. */
function PlainMark({ dial }: { dial: Dial }) {
  return (
    <span class="tv-dial__plain" style={{ "--dot": providerColor(dial.id) }} aria-hidden="true">
      {visibleText(dial.name).slice(0, 2)}
    </span>
  );
}

function WindowLine({ shown: { window, of } }: { shown: DialWindow }) {
  const { zone } = useStore();
  const steps = useLimitSteps();
  const used = window.used_percent;
  const tone = used === null ? "unknown" : pressureTone(used, steps);
  const exact = window.resets_at_ms === null ? "Reset time unknown" : `Resets ${formatDateTime(window.resets_at_ms, zone.value, now.value)}`;
  return (
    <div class="tv-dial__window" title={`${of ? `${of}, ` : ""}${window.label}\n${exact}`}>
      <span class="tv-dial__length">{shortWindow(window.window_minutes)}</span>
      <span class={`tv-dial__used tv-dial__used--${tone}`}>{formatPercent(used, NONE)}</span>
      <span class={`tv-dial__reset tv-dial__reset--${nearness(window.resets_at_ms, now.value)}`}>
        <Icon name="refresh" size={9} />
        {countdownWords(window.resets_at_ms, now.value)}
      </span>
    </div>
  );
}

/** The other windows, small, the fullest first: a model's own week, a daily limit. */
function Marks({ marks }: { marks: readonly DialWindow[] }) {
  const steps = useLimitSteps();
  if (marks.length === 0) return null;
  const more = marks.length - MOST_MARKS;
  return (
    <ul class="tv-dial__marks" aria-label="Other windows">
      {marks.slice(0, MOST_MARKS).map(({ window, of }, at) => {
        const name = [of, shortWindow(window.window_minutes)].filter(Boolean).join(" ");
        const tone = window.used_percent === null ? "unknown" : pressureTone(window.used_percent, steps);
        return (
          <li key={at} class={`tv-dial__mark tv-dial__used--${tone}`} title={`${name}: ${formatPercent(window.used_percent)} used`}>
            <span class="tv-dial__of">{name}</span> {formatPercent(window.used_percent, NONE)}
          </li>
        );
      })}
      {more > 0 && <li class="tv-dial__mark tv-dial__of">and {more} more</li>}
    </ul>
  );
}

/** Cost and tokens; where they stand alone, in words. */
function Today({ usage, alone }: { usage: Usage | null; alone: boolean }) {
  const format = useTokenFormat();
  const tokens = usage?.tokens.total_tokens ?? 0;
  const cost = formatMoney(usage === null ? "0" : usage.cost.usd);
  return (
    <div class="tv-dial__today" title={`Today: ${exactTokens(tokens)} tokens, ${formatCount(usage?.events ?? 0, "response")}, ${cost}`}>
      <span class="tv-dial__cost">{cost}</span> <span class="tv-dial__tokens">{alone ? `${format(tokens)} tokens today` : format(tokens)}</span>
    </div>
  );
}

/** All of a dial for the ear. */
function spoken(dial: Dial, standing: Standing): string {
  const windows = [...dial.windows, ...dial.marks.slice(0, MOST_MARKS)].map(({ window, of }) => `${of ? `${of} ` : ""}${window.label} ${formatPercent(window.used_percent)} used, ${spokenReset(window.resets_at_ms, now.value)}`);
  const today = `today ${formatMoney(dial.today === null ? "0" : dial.today.cost.usd)}`;
  return [clipText(visibleText(dial.name), 80), ...windows, today, standing.words].join("; ");
}
