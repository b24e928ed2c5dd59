/** The page before the backend has answered for the first time. */
import type { ApiError } from "../../api/client";
import { ErrorState } from "../../components/ErrorState";
import { Logo } from "./Logo";
import "./boot.css";

/** A quiet sign of life, or what went wrong. */
export function BootState({ error, onRetry }: { error: ApiError | null; onRetry: () => void }) {
  return (
    <main class="tv-boot">
      <Logo size={36} />
      {error === null ? (
        <p class="tv-boot__text" role="status">
          Opening Tokendial
        </p>
      ) : (
        <ErrorState title="Tokendial could not be opened" message={error.message} onRetry={onRetry} />
      )}
    </main>
  );
}
