/** Which provider and which of its homes is looked at, in one box. */
import type { Home } from "../../api/types";
import { Select, type SelectOption } from "../../components/Select";
import { lastPathPart } from "../../lib/text";
import { useStore } from "../../state/context";

/** The name of a home: its label, else the last part of its path. */
export const homeName = (home: Home): string => home.label || lastPathPart(home.path);

/** Chooses provider and home. On a provider's page only its homes are offered. */
export function SourceSelect() {
  const { app, prefs, filters, router } = useStore();
  const { providers, homes } = app.value;
  const { provider, home } = prefs.settings.value;
  const route = router.route.value;
  const page = route.name === "provider" ? route.id : null;
  const shownHome = homes.some((item) => item.id === home && (page === null || item.provider === page)) ? home : null;

  const options: SelectOption<string>[] = [{ value: "", label: page === null ? "All providers" : "All homes" }];
  for (const info of providers.filter((item) => item.on && (page === null || item.id === page))) {
    if (page === null) options.push({ value: `p ${info.id}`, label: info.name });
    const own = homes.filter((item) => item.provider === info.id);
    if (own.length > 1) for (const item of own) options.push({ value: `h ${item.id}`, label: `${info.name}: ${homeName(item)}` });
  }
  const chosen = shownHome !== null ? `h ${shownHome}` : page === null && provider !== null ? `p ${provider}` : "";
  if (options.length < 2) return null;

  const choose = (value: string) => {
    if (value.startsWith("p ")) return prefs.change({ provider: value.slice(2), home: null });
    if (!value.startsWith("h ")) return prefs.change(page === null ? { provider: null, home: null } : { home: null });
    const id = Number(value.slice(2));
    const owner = homes.find((item) => item.id === id)?.provider ?? null;
    filters.setHome(id);
    if (page === null) filters.setProvider(owner);
  };
  return <Select label="Provider and home" value={options.some((option) => option.value === chosen) ? chosen : ""} options={options} onChange={choose} />;
}
