/** What the program stands on; a test holds the list to what is declared in pyproject.toml and package.json. */

/** A package, its license, and what it does here. */
export interface ThirdParty {
  name: string;
  license: string;
  use: string;
}

/** Every package that is part of the running program, by name. */
export const THIRD_PARTY: readonly ThirdParty[] = [
  { name: "Chart.js", license: "MIT", use: "charts" },
  { name: "click", license: "BSD-3-Clause", use: "command line" },
  { name: "desktop-notifier", license: "MIT", use: "notifications of the system" },
  { name: "filelock", license: "MIT", use: "one program per ledger" },
  { name: "Flask", license: "BSD-3-Clause", use: "local server" },
  { name: "genai-prices", license: "MIT", use: "price catalogue" },
  { name: "httpx2", license: "BSD-3-Clause", use: "live limits, where they are on" },
  { name: "msgspec", license: "BSD-3-Clause", use: "reading of logs" },
  { name: "peewee", license: "MIT", use: "ledger" },
  { name: "platformdirs", license: "MIT", use: "folders of the system" },
  { name: "Preact", license: "MIT", use: "page" },
  { name: "Preact Signals", license: "MIT", use: "page" },
  { name: "PySide6", license: "LGPL-3.0", use: "window (Linux)" },
  { name: "pystray", license: "LGPL-3.0", use: "tray (Windows)" },
  { name: "pywebview", license: "BSD-3-Clause", use: "window" },
  { name: "QtPy", license: "MIT", use: "window (Linux)" },
  { name: "rich", license: "MIT", use: "progress in a terminal" },
  { name: "tzdata", license: "Apache-2.0", use: "time zones" },
  { name: "tzlocal", license: "MIT", use: "time zone of the system" },
  { name: "watchdog", license: "Apache-2.0", use: "noticing new log lines" },
  { name: "Werkzeug", license: "BSD-3-Clause", use: "local server" },
  { name: "zstandard", license: "BSD-3-Clause", use: "compressed logs" },
];
