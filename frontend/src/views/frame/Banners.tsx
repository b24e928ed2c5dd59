/** What the whole page must know: sample data, a lost connection, figures that could not be read. */
import type { ComponentChildren } from "preact";
import { Button } from "../../components/Button";
import { Icon, type IconName } from "../../components/Icon";
import { useStore } from "../../state/context";
import "./banners.css";

/** The banners that hold now. */
export function Banners() {
  const { app, connected, dashboard, reloader, overlays, setDemo } = useStore();
  const { demo, notice, why_browser, providers } = app.value;
  const failed = dashboard.error.value !== null && dashboard.data.value !== null;
  return (
    <>
      {demo && (
        <Banner tone="accent" icon="info" action={<Button kind="primary" onClick={() => void setDemo(false)}>Leave sample data</Button>}>
          <b>Sample data.</b> Every figure on this page is invented.
        </Banner>
      )}
      {!connected.value && (
        <Banner tone="warn" icon="warning">
          The connection to the program is lost. What you see is the last reading; trying again.
        </Banner>
      )}
      {connected.value && failed && (
        <Banner tone="warn" icon="warning" action={<Button onClick={() => void reloader.now()}>Try again</Button>}>
          The figures could not be read again: {dashboard.error.value?.message}
        </Banner>
      )}
      {!providers.some((info) => info.on) && (
        <Banner tone="quiet" icon="info" action={<Button onClick={() => overlays.openSettings("providers")}>Providers</Button>}>
          Every provider is switched off, so no figures are shown. Nothing was deleted.
        </Banner>
      )}
      {notice && <Banner tone="quiet" icon="info">{notice}</Banner>}
      {why_browser && <Banner tone="quiet" icon="info">{why_browser}</Banner>}
    </>
  );
}

interface BannerProps {
  tone: "accent" | "warn" | "quiet";
  icon: IconName;
  action?: ComponentChildren;
  children: ComponentChildren;
}

function Banner({ tone, icon, action, children }: BannerProps) {
  return (
    <div class={`tv-banner tv-banner--${tone}`} role="status">
      <Icon name={icon} size={15} />
      <span class="tv-banner__text">{children}</span>
      {action}
    </div>
  );
}
