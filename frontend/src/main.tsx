/** Boot: mounts the page over the transport that fits where it was opened. */
import { render } from "preact";
import { createTransport } from "./api/transport";
import { App } from "./app";
import "./styles/index.css";

const root = document.getElementById("app");
if (root) render(<App transport={createTransport()} />, root);
