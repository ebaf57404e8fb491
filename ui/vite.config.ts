/// <reference types="vitest/config" />
import { fileURLToPath } from 'node:url'
import { paraglideVitePlugin } from '@inlang/paraglide-js'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vite'
import { isolateParameters } from './isolate-parameters.ts'

export default defineConfig(({ mode }) => ({
  plugins: [
    // Tests compile the messages before (npm run i18n): the plugin's watcher would keep the test process alive.
    mode === 'test'
      ? null
      : paraglideVitePlugin({
          project: './project.inlang',
          outdir: './src/lib/paraglide',
          strategy: ['globalVariable', 'baseLocale'],
        }),
    isolateParameters(),
    svelte(),
    svelteTesting(),
  ],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: '127.0.0.1' },
  build: {
    // The oldest engine that Tauri meets: WKWebView of macOS 13, WebKitGTK 2.40.
    target: 'safari16',
    // The strict CSP has no place for inlined modules or data: fonts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { main: 'index.html', popup: 'popup.html', dial: 'dial.html', start: 'start.html' },
      // A message does nothing until it is called. Said so, each goes where it is used; else the list that names
      // them all takes the words of the whole workspace into the popup.
      treeshake: { moduleSideEffects: [{ test: /\/src\/lib\/(paraglide\/|m\.ts)/, sideEffects: false }] },
    },
  },
  // How fast a page is drawn is measured elsewhere: a busy machine may take its time.
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    testTimeout: 30_000,
    // Vitest leaves one processor free, which is half of a small machine.
    maxWorkers: '100%',
  },
}))
