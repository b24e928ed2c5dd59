/** The page before the backend has answered for the first time. */
import type { ApiError } from "../../api/client";
import { ErrorState } from "../../components/ErrorState";
import { Late } from "../../components/Late";
import { Logo } from "./Logo";
import "./boot.css";

const WORDS_AFTER_MS = 400;

/** A quiet sign of life, or what went wrong. */
export function BootState({ error, onRetry }: { error: ApiError | null; onRetry: () => void }) {
  return (
    <main class="tv-boot">
      <Logo size={36} />
      {error === null ? (
        <Late afterMs={WORDS_AFTER_MS}>
          <p class="tv-boot__text" role="status">
            Opening Tokendial
          </p>
        </Late>
      ) : (
        <ErrorState title="Tokendial could not be opened" message={error.message} onRetry={onRetry} />
      )}
    </main>
  );
}
