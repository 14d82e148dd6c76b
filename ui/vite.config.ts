import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

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
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "scripts/**/*.test.mjs"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    testTimeout: 30_000,
  },
});
