/// What the tests need of vitest, with F#'s own equality.
module GopherFlow.Client.Tests.Vitest

open Fable.Core
open Fable.Core.JsInterop

[<Import("test", "vitest")>]
let test (_name: string) (_body: unit -> unit) : unit = jsNative

/// A test that ends when its promise does.
[<Import("test", "vitest")>]
let testLater (_name: string) (_body: unit -> JS.Promise<unit>) : unit = jsNative

let equal (expected: 't) (actual: 't) : unit =
    if expected <> actual then
        failwithf "expected %A, received %A" expected actual

let isTrue (what: string) (value: bool) : unit =
    if not value then
        failwith what

/// A clock of vitest that tests turn by hand; promises continue while it is turned.
module FakeClock =
    [<Import("vi", "vitest")>]
    let private vi: obj = jsNative

    let start () : unit = vi?useFakeTimers ()
    let stop () : unit = vi?useRealTimers ()

    let pass (milliseconds: int) : JS.Promise<unit> =
        vi?advanceTimersByTimeAsync milliseconds
