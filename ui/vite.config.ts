import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/** Styles inline: CodeMirror and xterm make rules of their own. Nothing comes from elsewhere. */
const CSP = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self' ws://127.0.0.1:*",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export default defineConfig({
  base: "./",
  plugins: [svelte()],
  resolve: {
    alias: { $: fileURLToPath(new URL("./src", import.meta.url)) },
    dedupe: ["@codemirror/state", "@codemirror/view", "@codemirror/language", "svelte"],
    // Without it vitest takes Svelte's server build, which has no `mount`.
    conditions: process.env["VITEST"] ? ["browser"] : ["browser", "module", "import", "default"],
  },
  build: {
    target: ["es2022", "safari16.4"],
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    sourcemap: false,
  },
  server: { host: "127.0.0.1" },
  // The policy that hosts send: pictures and checks see the page as it will be.
  preview: { headers: { "content-security-policy": CSP } },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "scripts/**/*.test.mjs"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
