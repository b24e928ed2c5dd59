/** A transport that answers from fixtures. Tests replace single answers; every call is recorded. */
import type { Transport } from "../src/api/client";
import { Listeners } from "../src/api/listeners";
import type { CommandName, Commands, EventName, EventPayloads, Settings } from "../src/api/types";
import { makeAlerts, makeBudgetStatus } from "./fixtures/alerts";
import { appState, homes, scanDone, startup } from "./fixtures/app";
import { makeDashboard, makeProviderDetail } from "./fixtures/dashboard";
import { makeDetail, makeEvents, makeSessions, makeTimeline } from "./fixtures/sessions";
import { makePrompt, makePrompts } from "./fixtures/prompts";
import { makeCheck, makeLoss, sources } from "./fixtures/homes";
import { liveSources, switchedSources } from "./fixtures/live";
import { projects } from "./fixtures/projects";
import { diagnostics, effect, makeJob, pricing, storage } from "./fixtures/system";

type Answers = { [C in CommandName]: (request: Commands[C]["request"]) => Commands[C]["response"] | Promise<Commands[C]["response"]> };

/** A transport under the test's control. */
export interface FakeTransport extends Transport {
  /** Every call, in order. */
  calls: { name: CommandName; request: unknown }[];
  /** Replaces the answer to one command. */
  answer<C extends CommandName>(name: C, reply: Answers[C]): void;
  /** Pushes an event. */
  push<E extends EventName>(name: E, payload: EventPayloads[E]): void;
  setConnected(connected: boolean): void;
  /** The requests of one command. */
  requests(name: CommandName): unknown[];
}

function ordinaryAnswers(): Answers {
  let settings: Settings = appState.settings;
  let known = homes;
  return {
    "alerts.budget": ({ budget }) => makeBudgetStatus({ id: budget.id, amount: budget.amount }),
    "alerts.dismiss": () => makeAlerts({ current: [] }),
    "alerts.get": () => makeAlerts({ current: [], history: [] }),
    "alerts.snooze": () => makeAlerts({}),
    "alerts.notices": () => ({ possible: true, why: null }),
    "alerts.test": () => ({ shown: true, why: null }),
    "alerts.wake": () => makeAlerts({}),
    "app.state": () => ({ ...appState, settings }),
    "dashboard.get": (request) => {
      const all = makeDashboard();
      return { ...all, limits: (all.limits ?? []).filter((limit) => !request.provider || limit.provider === request.provider) };
    },
    "demo.set": ({ on }) => ({ ...appState, settings, demo: on }),
    "diagnostics.get": () => diagnostics,
    "diagnostics.check": () => ({ job: makeJob({ kind: "check", progress: null }) }),
    "diagnostics.lines": () => ({ lines: diagnostics.refused.map(({ path, reason }, at) => ({ path, reason, line: 40 + at, problem: null })) }),
    "events.list": ({ at, limit, session }) => makeEvents(at, limit, session ? 61 : 3418),
    "export.start": () => ({ job: makeJob({ kind: "export" }) }),
    "reports.html": () => ({ job: makeJob({ kind: "report" }) }),
    "window.widget": () => ({}),
    "window.full": () => ({}),
    "window.grip": () => ({ taken: true }),
    "window.size": () => ({}),
    "homes.add": () => ({ homes }),
    "homes.browse": () => ({ path: "/home/ada/.codex-work" }),
    "homes.check": ({ path }) => makeCheck({ path: path.replace("~", "/home/ada") }),
    "homes.clear": ({ id }) => ({ homes: (known = known.map((home) => (home.id === id ? { ...home, state: "cleared", files: 0 } : home))) }),
    "homes.list": () => ({ homes: known }),
    "homes.loss": () => makeLoss(),
    "homes.offers": () => ({ homes: [] }),
    "homes.remove": ({ id }) => ({ homes: (known = known.filter((home) => home.id !== id)) }),
    "homes.rescan": () => ({ homes }),
    "homes.update": (patch) => ({ homes: (known = known.map((home) => (home.id === patch.id ? { ...home, active: patch.active ?? home.active, label: patch.label ?? home.label } : home))) }),
    "ingest.refresh": () => scanDone,
    "ingest.status": () => scanDone,
    "jobs.cancel": () => ({ job: null }),
    "jobs.get": () => ({ job: null }),
    "live.get": () => liveSources,
    "live.refresh": () => liveSources,
    "live.switch": ({ id, on }) => switchedSources(id, on),
    "logs.open": () => ({ path: "/home/ada/.codex", opened: true }),
    "pricing.get": () => pricing,
    "pricing.export": () => ({ name: "tokendial-prices-2026-11-22.json", rules: 2, content: "{}", path: null }),
    "pricing.import": () => pricing,
    "pricing.import_preview": () => ({ in_file: 2, added: 1, replaced: 1, removed: 0, unchanged: 0, effect }),
    "pricing.open": () => ({ name: "prices.json", content: "{}" }),
    "pricing.preview": () => ({ problems: [], effect }),
    "pricing.undo": () => pricing,
    "pricing.save": ({ rules }) => ({ ...pricing, rules }),
    "prompts.get": ({ id }) => makePrompt(id),
    "prompts.list": ({ after, limit }) => makePrompts(after, limit),
    "provider.get": () => makeProviderDetail(),
    "projects.list": () => projects,
    "projects.names": () => ({ names: {} }),
    "projects.rename": ({ key, name }) => ({ names: name === null ? {} : { [key]: name } }),
    "providers.list": () => ({ providers: sources }),
    "providers.switch": ({ id, on }) => ({ ...appState, settings, providers: appState.providers.map((info) => (info.id === id ? { ...info, on } : info)) }),
    "session.get": ({ id }) => makeDetail(id),
    "session.reveal": () => ({ path: "/home/ada/.codex/sessions", opened: true }),
    "session.timeline": () => makeTimeline(),
    "sessions.list": ({ at = null, limit = 50 }) => makeSessions(at, limit),
    "settings.export": () => ({ path: "/home/ada/settings.json", download: null }),
    "settings.import": () => ({ settings, before: settings, changed: [] }),
    "window.reset": () => ({}),
    "startup.get": () => startup,
    "startup.set": ({ login }) => ({ ...startup, login }),
    "settings.set": ({ values }) => (settings = { ...settings, ...values }),
    "statusline.preview": ({ format }) => ({ line: format === "" ? "" : `Opus 4.8 of ${format}`, problem: format === "" ? "Write a format." : null, usual: "{model}", places: { model: "the model of the session" } }),
    "storage.backup": () => ({ job: makeJob({}) }),
    "storage.compact": () => ({ job: makeJob({ kind: "compact", progress: null }) }),
    "storage.drop_kept": () => storage,
    "storage.erase": () => ({ job: makeJob({ kind: "erase", progress: null }) }),
    "storage.get": () => storage,
    "storage.restore": () => ({ job: makeJob({ kind: "restore" }) }),
    "storage.retention": () => ({ job: makeJob({ kind: "retention" }) }),
    "storage.retention_preview": ({ months }) => ({ before_ms: months === null ? null : Date.UTC(2026, 4, 26), responses: months === null ? 0 : 12_345, counted: 41_882 }),
    "storage.reveal": () => ({ path: "/home/ada/.local/share/tokendial", opened: true }),
    "storage.upload": () => ({ ticket: "ticket", address: "/api/upload/ticket" }),
  };
}

/** Makes a transport that answers every command from fixtures. */
export function createFakeTransport(): FakeTransport {
  const answers = ordinaryAnswers();
  const listeners = new Listeners();
  const calls: FakeTransport["calls"] = [];
  return {
    calls,
    async invoke(name, request) {
      calls.push({ name, request });
      return answers[name](request);
    },
    onEvent: (name, handler) => listeners.on(name, handler),
    onConnection: (handler) => listeners.watch(handler),
    answer(name, reply) {
      answers[name] = reply;
    },
    push: (name, payload) => listeners.emit(name, payload),
    setConnected: (connected) => listeners.setConnected(connected),
    requests: (name) => calls.filter((call) => call.name === name).map((call) => call.request),
  };
}
