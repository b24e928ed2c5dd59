/** Build of the page: no inlined assets and no remote address, because the server's CSP allows neither. */
import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [preact({ devToolsEnabled: false, reactAliasesEnabled: false })],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: ["es2022", "safari16"],
    assetsInlineLimit: 0,
    sourcemap: false,
  },
  server: { host: "127.0.0.1", port: 5173, strictPort: false },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    setupFiles: ["test/setup.ts"],
    restoreMocks: true,
    maxWorkers: "100%", // nothing else runs beside it; by default one core stays idle
    // A shared machine may take its time; what hangs is still ended.
    testTimeout: 20_000,
  },
});
