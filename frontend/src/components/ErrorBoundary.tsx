/** What cannot be drawn says so in its place, instead of leaving the page empty. */
import { Component, type ComponentChildren } from "preact";
import { toApiError } from "../api/client";
import { ErrorState } from "./ErrorState";

export interface ErrorBoundaryProps {
  /** What could not be drawn, as the heading. */
  title: string;
  children: ComponentChildren;
}

interface State {
  failed: string | null;
}

/** Draws its children; where one of them throws, the words of it and a button that draws them anew. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { failed: null };

  static override getDerivedStateFromError(thrown: unknown): State {
    return { failed: toApiError(thrown).message };
  }

  override componentDidCatch(thrown: unknown): void {
    console.error(thrown);
  }

  override render({ title, children }: ErrorBoundaryProps, { failed }: State): ComponentChildren {
    return failed === null ? children : <ErrorState title={title} message={failed} onRetry={() => this.setState({ failed: null })} />;
  }
}
