// Validates the OpenAPI document, generates a client with a public generator, compiles it, and makes seven requests:
// node check.mjs URL APIKEY
import { mkdirSync, writeFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const [url, apiKey] = process.argv.slice(2)
const here = name => new URL(name, import.meta.url)

function fail(text) {
  console.error(text)
  process.exit(1)
}

const description = await (await fetch(`${url}/api/openapi.json`)).json()
const { valid, errors } = await new Validator().validate(description)
if (!valid) fail(`The document is not valid OpenAPI ${description.openapi}: ${JSON.stringify(errors, null, 2)}`)

mkdirSync(here('generated'), { recursive: true })
writeFileSync(here('generated/api.ts'), astToString(await openapiTS(description)))

const program = ts.createProgram([here('sevenRequests.ts').pathname], {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  outDir: here('generated').pathname
})
const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics]
if (diagnostics.length > 0) {
  fail(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: name => name,
      getCurrentDirectory: () => process.cwd(),
      getNewLine: () => '\n'
    })
  )
}

const { sevenRequests } = await import(here('generated/sevenRequests.js').href)
await sevenRequests(url, apiKey)
console.log('The OpenAPI document is valid, and the generated client made the seven requests.')
