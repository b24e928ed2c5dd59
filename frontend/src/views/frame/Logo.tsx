/** The dial of Tokendial; its colours follow the theme. */
export function Logo({ size }: { size: number }) {
  return (
    <svg class="tv-logo" width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <circle class="tv-logo__track" cx="12" cy="12" r="9.2" stroke-width="3" />
      <path class="tv-logo__arc" d="M12 2.8a9.2 9.2 0 0 1 8.7 12.2" stroke-width="3" stroke-linecap="round" />
      <path class="tv-logo__hand" d="M12 12l4.4-4.1" stroke-width="2" stroke-linecap="round" />
    </svg>
  );
}
