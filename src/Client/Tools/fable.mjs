// Compiles an F# project with Fable: node Tools/fable.mjs <project> <outDir>.
// The compiler exits with 0 even when a file failed, so its output decides: any error or warning fails the build.
import { spawn } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = join(dirname(fileURLToPath(import.meta.url)), '..')

// F# informational warnings about interpolated strings and about values passed to JavaScript; not errors here.
const harmless = [/Interpolated string contains untyped identifiers/, /has been implicitly inferred as 'obj'/, /implicitly converts type '\w+' to type 'obj'/]

function output(command, args) {
  return new Promise(resolve => {
    const run = spawn(command, args, { cwd: here })
    let text = ''
    run.stdout.on('data', part => (text += part))
    run.stderr.on('data', part => (text += part))
    run.on('close', code => resolve({ code, text }))
  })
}

// Output of an earlier build for a deleted source file must not be used by a later one.
function sweep(outDir, since) {
  for (const entry of readdirSync(join(here, outDir), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && statSync(file).mtimeMs < since) rmSync(file, { force: true })
  }
}

export async function compile(project, outDir) {
  const begun = Date.now() - 1000
  const compiler = join(here, 'node_modules/@fable-org/fable-compiler-js/index.js')
  const { code, text } = await output(process.execPath, [compiler, project, '--outDir', outDir])
  const lines = text.split('\n')
  const faults = lines.filter(line => /: (Warning|Error): |^ERROR/.test(line) && !harmless.some(h => h.test(line)))
  const done = lines.filter(line => line.startsWith('File: ')).length
  for (const line of faults) console.error(line.replace(here + '/', ''))
  const ok = code === 0 && faults.length === 0 && done > 0
  if (ok) sweep(outDir, begun)
  console.log(`${project}: ${ok ? `${done} files compiled` : 'not compiled'}`)
  return ok
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [project, outDir] = process.argv.slice(2)
  process.exit((await compile(project, outDir)) ? 0 : 1)
}
