/** How the state tells the user something in passing; the page shows it as a toast. */
export type Notify = (message: string, tone?: "info" | "ok" | "error" | "warn") => void;
