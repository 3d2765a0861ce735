/// What the tests need of vitest, with F#'s own equality.
module GopherFlow.Client.Tests.Vitest

open Fable.Core

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
