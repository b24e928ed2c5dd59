/** The frame: rail, top bar, what is to be told, the open page, and what lies on top. */
import { useLayoutEffect } from "preact/hooks";
import { ErrorBoundary } from "../../components/ErrorBoundary";
import { Toaster } from "../../components/Toast";
import { useStore } from "../../state/context";
import { routePath } from "../../state/routes";
import { ActivityPage } from "../activity/ActivityPage";
import { AlertsDialog } from "../alerts/AlertsDialog";
import { OverviewPage } from "../overview/OverviewPage";
import { ProjectPage } from "../projects/ProjectPage";
import { ProjectsPage } from "../projects/ProjectsPage";
import { ProviderPage } from "../provider/ProviderPage";
import { SessionPage } from "../session/SessionPage";
import { SessionsPage } from "../sessions/SessionsPage";
import { SettingsDialog } from "../settings/SettingsDialog";
import { WidgetPage } from "../widget/WidgetPage";
import { Banners } from "./Banners";
import { Rail } from "./Rail";
import { ScanLine } from "./ScanLine";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { installShortcuts } from "./shortcuts";
import { TopBar } from "./TopBar";
import { usePageLook } from "./usePageLook";
import "./frame.css";

/** Everything on the page; the widget has no frame around it. */
export function Frame() {
  usePageLook();
  return useStore().router.route.value.name === "widget" ? <WidgetPage /> : <FullPage />;
}

function FullPage() {
  const store = useStore();
  // At once: between the widget and the page no key is lost.
  useLayoutEffect(() => installShortcuts(store), [store]);
  return (
    <div class="tv-frame">
      <Rail />
      <main class="tv-main" tabIndex={-1}>
        <TopBar />
        <ScanLine />
        <Banners />
        <OpenPage />
      </main>
      <AlertsDialog />
      <SettingsDialog />
      <ShortcutsDialog />
      <Toaster />
    </div>
  );
}

/** A page that cannot be drawn leaves the others as they are. */
function OpenPage() {
  const path = routePath(useStore().router.route.value);
  return (
    <ErrorBoundary key={path} title="This page could not be drawn">
      <CurrentPage />
    </ErrorBoundary>
  );
}

function CurrentPage() {
  const route = useStore().router.route.value;
  switch (route.name) {
    case "overview":
      return <OverviewPage />;
    case "provider":
      return <ProviderPage key={route.id} id={route.id} />;
    case "sessions":
      return <SessionsPage />;
    case "session":
      return <SessionPage key={route.id} id={route.id} />;
    case "projects":
      return <ProjectsPage />;
    case "project":
      return <ProjectPage key={route.id} id={route.id} />;
    case "activity":
      return <ActivityPage />;
    case "widget":
      return null;
  }
}
