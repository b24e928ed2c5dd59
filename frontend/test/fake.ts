/** A transport that answers from fixtures. Tests replace single answers; every call is recorded. */
import type { Transport } from "../src/api/client";
import { Listeners } from "../src/api/listeners";
import type { CommandName, Commands, EventName, EventPayloads, Settings } from "../src/api/types";
import { appState, homes, scanDone } from "./fixtures/app";
import { makeDashboard } from "./fixtures/dashboard";
import { makeDetail, makeEvents, makeSession } from "./fixtures/sessions";
import { diagnostics, pricing } from "./fixtures/system";

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
  return {
    "app.state": () => ({ ...appState, settings }),
    "dashboard.get": (request) => {
      const all = makeDashboard();
      return { ...all, limits: (all.limits ?? []).filter((limit) => !request.provider || limit.provider === request.provider) };
    },
    "demo.set": ({ on }) => ({ ...appState, settings, demo: on }),
    "diagnostics.get": () => diagnostics,
    "events.list": ({ offset, limit, session }) => makeEvents(offset, limit, session ? 61 : 3418),
    "homes.add": () => ({ homes }),
    "homes.check": ({ path }) => ({ path: path.replace("~", "/home/ada"), exists: true, files: 212, bytes: 88_412_000, duplicate_of: null, problem: null }),
    "homes.list": () => ({ homes }),
    "homes.remove": ({ id }) => ({ homes: homes.filter((home) => home.id !== id) }),
    "homes.update": (patch) => ({ homes: homes.map((home) => (home.id === patch.id ? { ...home, active: patch.active ?? home.active, label: patch.label ?? home.label } : home)) }),
    "ingest.refresh": () => scanDone,
    "ingest.status": () => scanDone,
    "logs.open": () => ({ path: "/home/ada/.codex", opened: true }),
    "pricing.get": () => pricing,
    "pricing.save": ({ rules }) => ({ ...pricing, rules }),
    "session.get": ({ id }) => makeDetail(id),
    "sessions.list": ({ offset = 0, limit = 50 }) => ({ total: 214, offset, rows: Array.from({ length: Math.min(limit, 214 - offset) }, (_, at) => makeSession(offset + at)) }),
    "window.reset": () => ({}),
    "settings.set": ({ values }) => (settings = { ...settings, ...values }),
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
