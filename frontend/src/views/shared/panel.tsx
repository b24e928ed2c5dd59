/** The states that every panel of the dashboard has: first load, failed, ready, and ready but old. */
import type { ComponentChildren } from "preact";
import type { Dashboard, PanelName } from "../../api/types";
import { Card, ErrorState, Late, type CardProps } from "../../components";
import { useStore } from "../../state/context";

type Value<N extends PanelName> = NonNullable<Dashboard[N]>;
type PanelState<N extends PanelName> =
  | { kind: "loading" }
  | { kind: "error"; message: string; retrying: boolean }
  | { kind: "ready"; value: Value<N>; stale: boolean };

/** The state of one panel. */
export function usePanel<N extends PanelName>(name: N): PanelState<N> {
  const { data, error, loading, outdated } = useStore().dashboard;
  const all = data.value;
  if (all === null) {
    const failed = error.value;
    return failed && !loading.value ? { kind: "error", message: failed.message, retrying: false } : { kind: "loading" };
  }
  const value = all[name];
  if (value === null) {
    const message = all.errors[name]?.message ?? "This part of the page was not answered.";
    return { kind: "error", message, retrying: loading.value };
  }
  return { kind: "ready", value, stale: outdated.value };
}

interface PanelProps<N extends PanelName> extends Omit<CardProps, "children" | "stale" | "busy"> {
  name: N;
  skeleton: ComponentChildren;
  children: (value: Value<N>) => ComponentChildren;
}

/** A card that shows one panel in whichever state it is. */
export function Panel<N extends PanelName>({ name, skeleton, children, ...card }: PanelProps<N>) {
  const state = usePanel(name);
  return (
    <Card {...card} stale={state.kind === "ready" && state.stale} busy={state.kind === "loading"}>
      <PanelBody state={state} skeleton={skeleton}>
        {children}
      </PanelBody>
    </Card>
  );
}

interface BodyProps<N extends PanelName> {
  state: PanelState<N>;
  skeleton: ComponentChildren;
  children: (value: Value<N>) => ComponentChildren;
  /** Puts a failure into a card of this title, for panels that are not a card themselves. */
  failedAs?: string;
}

/** The inside of a panel in whichever state it is. */
export function PanelBody<N extends PanelName>({ state, skeleton, children, failedAs }: BodyProps<N>) {
  const { reloader } = useStore();
  if (state.kind === "loading") return <Late>{skeleton}</Late>;
  if (state.kind === "ready") return <>{children(state.value)}</>;
  const failure = <ErrorState compact message={state.message} retrying={state.retrying} onRetry={() => void reloader.now()} />;
  return failedAs === undefined ? failure : <Card title={failedAs}>{failure}</Card>;
}
