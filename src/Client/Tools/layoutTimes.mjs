// Measures a layout as the first call of a new page: GFLOW_TEST_CHROMIUM=... node Tools/layoutTimes.mjs (after npm test, which compiles).
// Each measurement starts a new browser. Prints the median of seven and their range.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')
const folder = mkdtempSync(join(tmpdir(), 'layout-'))
const entry = join(folder, 'entry.js')
const compiled = join(here, '.fable/app')

writeFileSync(entry, `
  import { ofDefinition } from ${JSON.stringify(join(compiled, 'Diagram/Graph.js'))}
  import { compute } from ${JSON.stringify(join(compiled, 'Diagram/Layouts.js'))}
  import { Direction } from ${JSON.stringify(join(compiled, 'Diagram/Layout.js'))}
  import { sized, tangled } from ${JSON.stringify(join(compiled, 'Tests/Graphs.js'))}
  export function measure(kind, count) {
    const graph = ofDefinition((kind === 'sized' ? sized : tangled)(count, 2))
    const begun = performance.now()
    compute(new Direction(0, []), graph)
    return performance.now() - begun
  }
`)

await build({
  root: here,
  configFile: false,
  logLevel: 'error',
  resolve: { alias: [{ find: /\.fs\.js$/, replacement: '.js' }] },
  build: { outDir: join(folder, 'out'), lib: { entry, name: 'layouts', formats: ['iife'], fileName: () => 'layouts.js' } }
})

function once(kind, count) {
  const page = join(folder, 'page.html')
  writeFileSync(page, `<script src="out/layouts.js"></script><script>document.title = 'took ' + layouts.measure('${kind}', ${count})</script>`)
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--dump-dom', `--user-data-dir=${join(folder, 'profile')}`]
  const dom = execFileSync(process.env.GFLOW_TEST_CHROMIUM ?? 'chromium', [...flags, `file://${page}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return Number(/took ([\d.]+)/.exec(dom)[1])
}

for (const kind of ['sized', 'tangled'])
  for (const count of [12, 40, 60, 100]) {
    const taken = Array.from({ length: 7 }, () => once(kind, count)).sort((a, b) => a - b).map(Math.round)
    console.log(`${kind} ${count}: ${taken[3]} ms [${taken[0]} to ${taken[6]}]`)
  }

rmSync(folder, { recursive: true, force: true })
