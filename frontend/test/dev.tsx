/** The page on fixtures, for development: /test/dev.html?scene=empty. It is no part of the build. */
import { render } from "preact";
import { App } from "../src/app";
import "../src/styles/index.css";
import { createFakeTransport } from "./fake";
import { NOW } from "./fixtures/app";
import { playScene } from "./scenes";

Date.now = () => NOW;
const query = new URLSearchParams(location.search);
const transport = createFakeTransport();
playScene(query.get("scene") ?? "", transport, query.get("theme"));
const root = document.getElementById("app");
if (root) render(<App transport={transport} />, root);
