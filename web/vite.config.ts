import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The gateway that `npm run dev` stands before. */
const gateway = process.env.TOLLGATE_URL ?? 'http://127.0.0.1:3000';
const proxied = ['/api', '/v1', '/health', '/metrics', '/loadbalancer'];

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('src', import.meta.url)) } },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: gateway }])),
  },
  build: {
    target: 'es2022',
    // The size of the first load is tested: src/test/bundle.test.ts.
    chunkSizeWarningLimit: 1500,
    // Fonts and pictures stay files of our own origin; nothing is put into styles as a data URL.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A page's script is named after its folder, whatever else it holds.
    rollupOptions: {
      output: {
        chunkFileNames: ({ moduleIds }) => {
          const page = moduleIds.map((id) => /\/src\/pages\/(\w+)\/index\.tsx$/.exec(id)?.[1]).find(Boolean);
          return page ? `assets/page-${page}-[hash].js` : 'assets/[name]-[hash].js';
        },
      },
    },
    // For the test of the first load's size; the server does not hand it out.
    manifest: true,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    // One less than the processors is usual, which is half of two.
    maxWorkers: '100%',
  },
});
