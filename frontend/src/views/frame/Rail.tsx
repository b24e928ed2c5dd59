/** The rail at the left: the overview, one entry per provider with its dot, the other pages, settings at the bottom. */
import type { ComponentChildren } from "preact";
import { Icon } from "../../components/Icon";
import { Ellipsis } from "../../components/Ellipsis";
import { visibleText } from "../../lib/text";
import { providerColor } from "../../lib/theme";
import { now } from "../../lib/time";
import { useStore } from "../../state/context";
import { routePath } from "../../state/routes";
import { statusLine } from "../shared/statusWords";
import { formatKeys } from "../../lib/keyboard";
import { openWidget } from "../../state/widget";
import { WIDGET_KEYS } from "./shortcuts";
import { isOpen, listPages, type Page } from "./pages";
import { Logo } from "./Logo";
import "./rail.css";
import "./railnarrow.css";

/** The way through the program. */
export function Rail() {
  const store = useStore();
  const { app, overlays } = store;
  const pages = listPages(app.value.providers);
  return (
    <nav class="tv-rail" aria-label="Pages">
      <div class="tv-rail__brand">
        <Logo size={22} />
        <span class="tv-rail__text">Tokendial</span>
      </div>
      <ul class="tv-rail__list">
        {pages.map((page) => (
          <Entry key={routePath(page.route)} page={page} />
        ))}
      </ul>
      <div class="tv-rail__space" />
      <button type="button" class="tv-rail__entry tv-rail__widget" title={`Widget (${formatKeys(WIDGET_KEYS).join(" ")})`} onClick={() => void openWidget(store)}>
        <Icon name="widget" />
        <span class="tv-rail__text">Widget</span>
      </button>
      <button type="button" class="tv-rail__entry tv-rail__settings" title="Settings" onClick={() => overlays.openSettings()}>
        <Icon name="settings" />
        <span class="tv-rail__text">Settings</span>
      </button>
    </nav>
  );
}

function Entry({ page }: { page: Page }) {
  const { router, provider } = useStore();
  const open = isOpen(page, router.route.value);
  const info = page.provider === null ? null : provider(page.provider);
  const title = info === null ? page.label : statusLine(info.name, info.status, now.value);
  // On a narrow rail the text is not there, and the initials on the dot are no name.
  const name = info === null || info.status.state === "active" ? page.label : `${page.label}, ${info.status.word.toLowerCase()}`;
  return (
    <li class={page.provider === null ? undefined : "tv-rail__provider"}>
      <a class={open ? "tv-rail__entry tv-rail__entry--open" : "tv-rail__entry"} href={router.href(page.route)} title={title} aria-label={visibleText(name)} aria-current={open ? "page" : undefined}>
        {page.icon !== null ? <Icon name={page.icon} /> : <ProviderDot id={page.provider ?? ""} initial={page.label.slice(0, 2)} />}
        <span class="tv-rail__text">
          <Ellipsis text={page.label} />
        </span>
      </a>
    </li>
  );
}

/** A provider's dot, with a mark where its logs cannot be read; hollow where nothing was found. */
function ProviderDot({ id, initial }: { id: string; initial: string }): ComponentChildren {
  const info = useStore().provider(id);
  if (info === null) return null;
  const { state } = info.status;
  const classes = ["tv-rail__dot", (state === "waiting" || state === "off") && "tv-rail__dot--quiet", state === "error" && "tv-rail__dot--broken"].filter(Boolean).join(" ");
  return (
    <span class={classes} style={{ "--dot": providerColor(id) }} data-initial={initial}>
      {state !== "active" && <span class="td-hidden">{info.status.word.toLowerCase()}</span>}
    </span>
  );
}
