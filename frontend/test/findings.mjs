/**
 * What C2 looks for, in the syntax trees of scripts: ways from a text to HTML or to code, addresses, and `any`.
 *
 * `node findings.mjs FILE...` prints a JSON list of {file, line, kind, what}; the files may be TypeScript or built.
 */
import { readFileSync } from "node:fs";
import { parseAst } from "vite";

const HTML = new Set(["innerHTML", "outerHTML", "insertAdjacentHTML", "dangerouslySetInnerHTML", "__html", "srcdoc", "srcDoc", "setHTML", "setHTMLUnsafe", "parseHTMLUnsafe", "createContextualFragment", "parseFromString", "DOMParser", "XSLTProcessor", "insertHTML"]);
const CODE = new Set(["eval", "Function", "execScript"]);
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
const NETWORK = new Set(["XMLHttpRequest", "WebSocket", "WebTransport", "sendBeacon", "importScripts", "Worker", "SharedWorker", "RTCPeerConnection", "serviceWorker"]);
const ADDRESS = /[a-z][a-z0-9+.-]*:\/\/|(?:^|["'\s(=])\/\/[\w[]|\b(?:javascript|vbscript):|\bdata:[a-z]+\//i;

const nameOf = (node) => (node?.type === "Identifier" || node?.type === "JSXIdentifier" ? node.name : typeof node?.value === "string" ? node.value : "");
const memberOf = (node) => (node?.type === "MemberExpression" ? nameOf(node.property) : "");
const isText = (node) => node?.type === "TemplateLiteral" || typeof node?.value === "string" || (node?.type === "BinaryExpression" && node.operator === "+");

/** What one node is: [kind, what] pairs. */
function judge(node, parent) {
  switch (node.type) {
    case "Identifier":
    case "JSXIdentifier":
      if (HTML.has(node.name)) return [["html", parent?.written ? `${node.name}=` : node.name]];
      if (NETWORK.has(node.name)) return [["network", node.name]];
      return CODE.has(node.name) ? [["code", node.name]] : [];
    case "AssignmentExpression":
      if (node.left.type === "MemberExpression") node.left.written = true;
      return [];
    case "CallExpression":
    case "NewExpression": {
      const called = nameOf(node.callee) || memberOf(node.callee);
      if (TIMERS.has(called) && isText(node.arguments[0])) return [["code", `${called} of a text`]];
      if (memberOf(node.callee) === "constructor" && isText(node.arguments.at(-1))) return [["code", "constructor of a text"]];
      return ["write", "writeln"].includes(called) && nameOf(node.callee.object) === "document" ? [["html", `document.${called}`]] : [];
    }
    case "ImportExpression":
      return [["code", "import()"]];
    case "TSAnyKeyword":
      return [["any", "any"]];
    case "Literal":
    case "JSXText":
      if (HTML.has(node.value)) return [["html", parent?.written ? `${node.value}=` : `"${node.value}"`]];
      return typeof node.value === "string" ? judgeText(node.value) : [];
    case "TemplateElement":
      return judgeText(node.value.cooked ?? node.value.raw);
    default:
      return [];
  }
}

function judgeText(text) {
  return ADDRESS.test(text) ? [["address", text]] : [];
}

function findings(file, source) {
  const found = [];
  const add = (start, kind, what) => found.push({ file, line: source.slice(0, start).split("\n").length, kind, what });
  const walk = (node, parent) => {
    for (const [kind, what] of judge(node, parent)) add(node.start, kind, what);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === "string") walk(child, node);
    }
  };
  walk(parseAst(source, { lang: /\.tsx?$/.exec(file)?.[0].slice(1) ?? "js", sourceType: "module" }), null);
  for (const match of source.matchAll(/@ts-(?:ignore|expect-error|nocheck)/g)) add(match.index, "any", match[0]);
  return found;
}

console.log(JSON.stringify(process.argv.slice(2).flatMap((file) => findings(file, readFileSync(file, "utf8")))));
