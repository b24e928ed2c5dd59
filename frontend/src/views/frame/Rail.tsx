/** The rail at the left: pages, one entry per provider with its dot, settings at the bottom. */
import type { ComponentChildren } from "preact";
import { Icon } from "../../components/Icon";
import { Ellipsis } from "../../components/Ellipsis";
import { providerColor } from "../../lib/theme";
import { useStore } from "../../state/context";
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
        {pages.filter((page) => page.provider === null).map((page) => (
          <Entry key={page.label} page={page} />
        ))}
      </ul>
      {pages.some((page) => page.provider !== null) && <div class="tv-rail__section">Providers</div>}
      <ul class="tv-rail__list">
        {pages.filter((page) => page.provider !== null).map((page) => (
          <Entry key={page.provider} page={page} />
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
  const { router } = useStore();
  const open = isOpen(page, router.route.value);
  return (
    <li>
      <a class={open ? "tv-rail__entry tv-rail__entry--open" : "tv-rail__entry"} href={router.href(page.route)} title={page.label} aria-current={open ? "page" : undefined}>
        {page.icon !== null ? <Icon name={page.icon} /> : <ProviderDot id={page.provider ?? ""} initial={page.label.slice(0, 2)} />}
        <span class="tv-rail__text">
          <Ellipsis text={page.label} />
        </span>
      </a>
    </li>
  );
}

/** A provider's dot, with a mark where its folders cannot be read. */
function ProviderDot({ id, initial }: { id: string; initial: string }): ComponentChildren {
  const homes = useStore().app.value.homes.filter((home) => home.provider === id && home.active);
  const broken = homes.some((home) => home.state === "missing" || home.state === "unreadable");
  const quiet = homes.length === 0;
  const classes = ["tv-rail__dot", quiet && "tv-rail__dot--quiet", broken && "tv-rail__dot--broken"].filter(Boolean).join(" ");
  const health = broken ? "a folder cannot be read" : quiet ? "no folder" : "";
  return (
    <span class={classes} style={{ "--dot": providerColor(id) }} data-initial={initial} title={health || undefined}>
      {health && <span class="td-hidden">{health}</span>}
    </span>
  );
}
