import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'

const server = process.env.GOPHERFLOW_URL ?? 'http://localhost:8080'

// The page at /api/docs loads these files from the server, not from another host.
const apiReader = {
  name: 'api-reader',
  generateBundle() {
    const files = {
      'swagger-ui.css': 'node_modules/swagger-ui-dist/swagger-ui.css',
      'swagger-ui-bundle.js': 'node_modules/swagger-ui-dist/swagger-ui-bundle.js',
      'start.js': 'Tools/apiReader.js'
    }

    for (const [name, path] of Object.entries(files)) {
      this.emitFile({ type: 'asset', fileName: `apidocs/${name}`, source: readFileSync(new URL(path, import.meta.url)) })
    }
  }
}

export default defineConfig({
  base: '/',
  plugins: [apiReader],
  // Fable writes a dynamic import with the extension of its default output.
  resolve: { alias: [{ find: /\.fs\.js$/, replacement: '.js' }] },
  // No public folder: every file gets a name with a hash under assets.
  publicDir: false,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // 'use client' in libraries is only for frameworks that render on a server.
      onLog: (level, log, report) => log.code === 'MODULE_LEVEL_DIRECTIVE' || report(level, log)
    }
  },
  server: { proxy: { '/api': server, '/health': server } }
})
