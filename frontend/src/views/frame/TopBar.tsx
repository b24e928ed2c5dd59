/** The top bar: where we are, what is looked at, and the actions of the whole page. */
import { Ellipsis } from "../../components/Ellipsis";
import { IconButton } from "../../components/IconButton";
import { Select } from "../../components/Select";
import { formatKeys } from "../../lib/keyboard";
import { aliasOf, isPrivate } from "../../lib/privacy";
import { AlertBell } from "../alerts/AlertBell";
import { useStore } from "../../state/context";
import type { Route } from "../../state/routes";
import type { Store } from "../../state/store";
import { CustomDays, RangePicker } from "./RangePicker";
import { PRIVACY_KEYS } from "./shortcuts";
import { SourceSelect } from "./SourceSelect";
import "./topbar.css";

const REFRESH: readonly { value: string; label: string }[] = [
  { value: "0", label: "Off" },
  { value: "15", label: "15 s" },
  { value: "30", label: "30 s" },
  { value: "60", label: "1 min" },
  { value: "300", label: "5 min" },
  { value: "900", label: "15 min" },
  { value: "1800", label: "30 min" },
];

const keysOf = (keys: string): string => ` (${formatKeys(keys).join(" ")})`;

/** Title, range, provider and home, auto refresh, and the buttons. */
export function TopBar() {
  const store = useStore();
  const route = store.router.route.value;
  return (
    <header class="tv-top">
      <h1 class="tv-top__title">
        <Ellipsis text={titleOf(route, store)} />
      </h1>
      {route.name !== "session" && (
        <div class="tv-top__filters">
          <RangePicker />
          <SourceSelect />
        </div>
      )}
      <Actions />
      {route.name !== "session" && <CustomDays />}
    </header>
  );
}

const projectTitle = (key: string, store: Store): string => (isPrivate.value ? aliasOf("Project", key) : key === "" ? "No folder" : store.projects.nameOf(key));

function titleOf(route: Route, store: Store): string {
  if (route.name === "overview") return "Overview";
  if (route.name === "sessions") return "Sessions";
  if (route.name === "projects") return "Projects";
  if (route.name === "project") return projectTitle(route.id, store);
  if (route.name === "activity") return "Activity";
  if (route.name === "widget") return "Widget";
  return route.name === "session" ? "Session" : (store.provider(route.id)?.name ?? route.id);
}

function Actions() {
  const { ingest, prefs, overlays, openLogs } = useStore();
  const { privacy, auto_refresh_seconds } = prefs.settings.value;
  const seconds = String(auto_refresh_seconds);
  const known = REFRESH.some((choice) => choice.value === seconds) ? REFRESH : [...REFRESH, { value: seconds, label: `${seconds} s` }];
  return (
    <div class="tv-top__actions">
      <div class="tv-top__refresh">
        <IconButton icon="refresh" label={`Refresh${keysOf("Mod+R")}`} busy={ingest.busy.value} disabled={ingest.busy.value} onClick={() => void ingest.refresh()} />
        <Select
          label="Auto refresh"
          title="How often the logs are read again while this page is seen"
          value={seconds}
          options={known}
          onChange={(value) => prefs.change({ auto_refresh_seconds: Number(value) })}
        />
      </div>
      <IconButton
        bordered
        icon={privacy ? "eyeoff" : "eye"}
        label={`Privacy mode${keysOf(PRIVACY_KEYS)}`}
        title={`${privacy ? "Show names, paths and money again" : "Hide names, paths and money"}${keysOf(PRIVACY_KEYS)}`}
        pressed={privacy}
        onClick={() => prefs.change({ privacy: !privacy })}
      />
      <AlertBell />
      <IconButton bordered icon="folder" label={`Open logs${keysOf("Mod+L")}`} onClick={() => void openLogs()} />
      <IconButton bordered icon="settings" label={`Settings${keysOf("Mod+,")}`} onClick={() => overlays.openSettings()} />
    </div>
  );
}
