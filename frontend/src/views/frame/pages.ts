/** The pages of the rail, in their order: also what the digits 1 to 9 open. */
import type { ProviderInfo } from "../../api/types";
import type { IconName } from "../../components/Icon";
import { routePath, type Route } from "../../state/routes";

/** An entry of the rail. */
export interface Page {
  route: Route;
  label: string;
  /** An icon, or the id of the provider whose dot stands there. */
  icon: IconName | null;
  provider: string | null;
}

/** Every page that can be opened from the rail: the providers stand under the overview, which sums them up. */
export function listPages(providers: readonly ProviderInfo[]): Page[] {
  return [
    { route: { name: "overview" }, label: "Overview", icon: "overview", provider: null },
    ...providers.filter((info) => info.on).map((info): Page => ({ route: { name: "provider", id: info.id }, label: info.name, icon: null, provider: info.id })),
    { route: { name: "sessions" }, label: "Sessions", icon: "sessions", provider: null },
    { route: { name: "projects" }, label: "Projects", icon: "projects", provider: null },
    { route: { name: "activity" }, label: "Activity", icon: "activity", provider: null },
  ];
}

/** Whether an entry stands for the open page; a session belongs to the list of sessions. */
export function isOpen(page: Page, route: Route): boolean {
  if (route.name === "session") return page.route.name === "sessions";
  if (route.name === "project") return page.route.name === "projects";
  return routePath(page.route) === routePath(route);
}
