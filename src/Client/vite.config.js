import { defineConfig } from 'vite'

const server = process.env.GOPHERFLOW_URL ?? 'http://localhost:8080'

export default defineConfig({
  base: '/',
  // Fable writes a dynamic import with the extension of its default output.
  resolve: { alias: [{ find: /\.fs\.js$/, replacement: '.js' }] },
  // No folder of files copied as they are: everything gets a name with a hash under assets.
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // 'use client' in libraries speaks to frameworks that render on a server.
      onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log)
    }
  },
  server: { proxy: { '/api': server, '/health': server } }
})
