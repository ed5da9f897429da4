/** The icons of buttons and places, 16 by 16, drawn with the colour of the text around them. States: state-mark.tsx. */

const PATHS = {
  search: "M7.2 12.2a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.6-1.4 3 3",
  plus: "M8 3v10M3 8h10",
  close: "m4 4 8 8M12 4l-8 8",
  check: "m3 8.5 3.2 3.2L13 4.8",
  chevronDown: "m4.5 6.5 3.5 3.5 3.5-3.5",
  chevronUp: "m4.5 9.5 3.5-3.5 3.5 3.5",
  chevronRight: "m6.5 4.5 3.5 3.5-3.5 3.5",
  arrowLeft: "M13 8H3m4-4L3 8l4 4",
  arrowRight: "M3 8h10M9 4l4 4-4 4",
  copy: "M5.8 5.8h7.4v7.4H5.8zM10.2 5.8V2.8H2.8v7.4h3",
  branch:
    "M4.5 10.2V5.8M4.5 5.8a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Zm0 7.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Zm7-7.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Zm0 0c0 3-3.2 2.6-5.6 4.6",
  fork: "M4.5 5.8a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Zm7 0a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM8 13.4a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2Zm0-3.2V8.6M4.5 5.8c0 2.8 3.5 1.6 3.5 2.8 0-1.2 3.5 0 3.5-2.8",
  repository: "M3.5 3.2c0-.7.5-1.2 1.2-1.2h7.8v12H4.7a1.2 1.2 0 0 1-1.2-1.2Zm0 8.4c0-.6.5-1 1.2-1h7.8",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8Z",
  retry: "M13 8a5 5 0 1 1-1.5-3.6M13 2.4v2.8h-2.8",
  skip: "m3.5 4 4 4-4 4m5-8 4 4-4 4",
  stop: "M4.2 4.2h7.6v7.6H4.2z",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.6v1.2m0 10.4v1.2M1.6 8h1.2m10.4 0h1.2M3.5 3.5l.8.8m7.4 7.4.8.8m0-9-.8.8m-7.4 7.4-.8.8",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z",
  system: "M2.4 3.2h11.2v7.6H2.4zM6 13.2h4M8 10.8v2.4",
  keyboard: "M1.8 4.2h12.4v7.6H1.8zM4.4 6.8h.1m2.3 0h.1m2.3 0h.1m2.3 0h.1M5 9.4h6",
  more: "M3.2 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0Zm4.4 0a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0ZM12 8a.4.4 0 1 0 .8 0 .4.4 0 1 0-.8 0Z",
  link: "M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-.7.7m1.2 2.5a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l.7-.7",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.2V8l2.2 1.6",
  file: "M4 2h5.2L12 4.8V14H4zM9 2v3h3",
  coins:
    "M8 7c3 0 5-1 5-2.2S11 2.6 8 2.6 3 3.6 3 4.8 5 7 8 7Zm5-2.2v3.2C13 9.2 11 10.2 8 10.2S3 9.2 3 8V4.8m10 3.2v3.2c0 1.2-2 2.2-5 2.2s-5-1-5-2.2V8",
  filter: "M2.5 4h11M4.5 8h7m-5 4h3",
  zoomIn: "M7.2 12.2a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.6-1.4 3 3M7.2 5.2v4M5.2 7.2h4",
  zoomOut: "M7.2 12.2a5 5 0 1 0 0-10 5 5 0 0 0 0 10Zm3.6-1.4 3 3M5.2 7.2h4",
  fit: "M2.5 6V2.5H6m4 0h3.5V6m0 4v3.5H10m-4 0H2.5V10",
  target: "M8 12.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4ZM8 1.6v3m0 6.8v3M1.6 8h3m6.8 0h3",
  stepBack: "M11.5 3.8 6.5 8l5 4.2ZM4.2 3.8v8.4",
  stepForward: "m4.5 3.8 5 4.2-5 4.2ZM11.8 3.8v8.4",
  toNow: "m3 3.8 4.6 4.2L3 12.2Zm5.2 0L12.8 8l-4.6 4.2ZM13.8 3.8v8.4",
  warning: "M8 2.2 14.2 13H1.8ZM8 6.4v3m0 1.9v.1",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.4v3.2m0-5.4v.1",
  message: "M2.4 3.2h11.2v7.4H8L4.8 13.4v-2.8H2.4z",
  thought: "M8 12.8V14m-2.4-3.4c0-1.6-2-2.2-2-4.8a4.4 4.4 0 0 1 8.8 0c0 2.6-2 3.2-2 4.8Z",
  wrap: "M2.4 4h11.2M2.4 8h9a2.2 2.2 0 0 1 0 4.4H8.6m1.6-1.7-1.7 1.7 1.7 1.7M2.4 12h3",
  toEnd: "M8 2.6v7.6M4.8 7.2 8 10.4l3.2-3.2M3.6 13.4h8.8",
  terminal: "M2.2 3h11.6v10H2.2Zm2.6 3 2 2-2 2m3.6 0h3",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName; class?: string | undefined; size?: number }) {
  return (
    <svg
      class={props.class}
      width={props.size ?? 16}
      height={props.size ?? 16}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.4"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[props.name]} />
    </svg>
  );
}
