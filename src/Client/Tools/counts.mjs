// Ends a test run with one line of counts.
export default class Counts {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const passed = tests.filter(test => test.result().state === 'passed').length
    const skipped = tests.filter(test => test.result().state === 'skipped').length
    const broken = modules.filter(module => module.errors().length > 0).length + errors.length
    const failed = tests.length - passed - skipped + broken
    const last = `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : '')
    process.on('exit', () => console.log(last))
  }
}
