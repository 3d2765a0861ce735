/// The part of vitest that the tests use, with F# equality.
module GopherFlow.Client.Tests.Vitest

open Fable.Core
open Fable.Core.JsInterop

[<Import("test", "vitest")>]
let test (_name: string) (_body: unit -> unit) : unit = jsNative

/// A test that ends when its promise settles.
[<Import("test", "vitest")>]
let testLater (_name: string) (_body: unit -> JS.Promise<unit>) : unit = jsNative

let equal (expected: 't) (actual: 't) : unit =
    if expected <> actual then
        failwithf "expected %A, received %A" expected actual

let isTrue (what: string) (value: bool) : unit =
    if not value then
        failwith what

/// Vitest's fake timers. Promises continue while the clock advances.
module FakeClock =
    [<Import("vi", "vitest")>]
    let private vi: obj = jsNative

    let start () : unit = vi?useFakeTimers ()
    let stop () : unit = vi?useRealTimers ()

    let pass (milliseconds: int) : JS.Promise<unit> =
        vi?advanceTimersByTimeAsync milliseconds
