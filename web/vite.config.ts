import { join } from 'node:path';
import { defineConfig } from 'vite';
import { holdBudgets } from './build/budgets.ts';
import { compressFiles } from './build/compress.ts';
import { gatherLicences } from './build/licences.ts';

/** Static files with hashed names, which the gateway serves from its own origin under a policy without inline scripts and styles. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: 'public',
  plugins: [gatherLicences(), compressFiles(), holdBudgets()],
  build: {
    outDir: process.env['CONSOLE_OUT'] ?? join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The directive says to servers what runs in a browser: all of this does.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:4300' } },
});
