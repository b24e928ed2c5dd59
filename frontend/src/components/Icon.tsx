import "./Icon.css";

/** Stroke paths on a 16 x 16 grid, one string per icon. */
const PATHS = {
  overview: "M2.5 13V8.5M6.2 13V4.5M9.8 13V7M13.5 13V3",
  sessions: "M2.5 4h11M2.5 8h11M2.5 12h7",
  projects: "M2 4.5h4l1.5 1.5H14v6.5H2z",
  activity: "M1.5 8h3l2-5 3 10 2-5h3",
  widget: "M3.5 3h9A1.5 1.5 0 0 1 14 4.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 2 11.5v-7A1.5 1.5 0 0 1 3.5 3zM9 9.5h2.5",
  settings:
    "M8 5.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
  refresh: "M13.5 8a5.5 5.5 0 1 1-1.6-3.9M13.5 1.8v3h-3",
  folder: "M2 12.5v-9h4l1.5 1.5H13v2M2 12.5 4.2 7H15l-2 5.5z",
  copy: "M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6",
  check: "M2.8 8.6 6.3 12 13.2 4.4",
  chevron: "M6 3.5 10.5 8 6 12.5",
  last: "M4.5 3.5 9 8 4.5 12.5M11.8 3.5v9",
  close: "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",
  warning: "M8 2.2 14.6 13.5H1.4zM8 6.4v3.4M8 11.6v.2",
  info: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 7.2v4M8 4.7v.2",
  plus: "M8 3v10M3 8h10",
  trash: "M2.5 4.2h11M6 4V2.4h4V4M4 4.4l.6 9.2h6.8l.6-9.2M6.6 7v4M9.4 7v4",
  search: "M7 2.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2M10.5 10.5l3.2 3.2",
  table: "M2 3h12v10H2zM2 6.4h12M2 9.7h12M6.4 6.4V13",
  chart: "M2.5 2.5v11h11M5.5 11V8M8.5 11V5M11.5 11V7",
  layers: "M8 2 14 5.2 8 8.4 2 5.2zM2 8.2l6 3.2 6-3.2M2 11l6 3.2 6-3.2",
  database: "M2.8 4c0-1.2 2.3-2 5.2-2s5.2.8 5.2 2-2.3 2-5.2 2-5.2-.8-5.2-2zM2.8 4v8c0 1.2 2.3 2 5.2 2s5.2-.8 5.2-2V4M2.8 8c0 1.2 2.3 2 5.2 2s5.2-.8 5.2-2",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.4 5.4v.2",
  display: "M2 3h12v8H2zM6 13.5h4M8 11v2.5",
  bell: "M3 11.5h10c-1-1-1.5-2-1.5-4.5a3.5 3.5 0 0 0-7 0C4.5 9.5 4 10.5 3 11.5M6.8 13.8h2.4",
  power: "M8 1.8v5.7M4.8 4a5.2 5.2 0 1 0 6.4 0",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8M8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6",
  eyeoff: "M6.3 3.8A6 6 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a12 12 0 0 1-1.9 2.4M4.2 4.7A11 11 0 0 0 1.5 8S4 12.5 8 12.5c1.2 0 2.2-.4 3.1-.9M2.5 2.5l11 11",
  edit: "M10.8 2.8 13.2 5.2 5.4 13H3v-2.4zM9.2 4.4l2.4 2.4",
  external: "M6.5 3H3v10h10V9.5M9 2.5h4.5V7M13.2 2.8 7.5 8.5",
} as const;

/** Names of the icons that exist. */
export type IconName = keyof typeof PATHS;

export interface IconProps {
  name: IconName;
  /** Edge length in pixels; 16 unless told. */
  size?: number;
  class?: string;
}

/** A decorative line icon in the colour of the text around it; give its button or text the name. */
export function Icon({ name, size = 16, class: extra }: IconProps) {
  return (
    <svg
      class={extra ? `td-icon ${extra}` : "td-icon"}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
