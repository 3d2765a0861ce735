/// Promises as a computation expression: `promise { let! answer = fetch url in return answer.ok }`.
module GopherFlow.Client.Promise

open Fable.Core

[<Emit("Promise.resolve($0)")>]
let resolved (_value: 't) : JS.Promise<'t> = jsNative

[<Emit("Promise.reject($0)")>]
let rejected (_reason: exn) : JS.Promise<'t> = jsNative

/// Resolves when the function that `_begin` gets is called.
[<Emit("new Promise($0)")>]
let create (_begin: (unit -> unit) -> unit) : JS.Promise<unit> = jsNative

[<Emit("Promise.all($0)")>]
let all (_promises: JS.Promise<'t>[]) : JS.Promise<'t[]> = jsNative

[<Emit("$1.then($0)")>]
let bind (_next: 'a -> JS.Promise<'b>) (_promise: JS.Promise<'a>) : JS.Promise<'b> = jsNative

[<Emit("$1.then($0)")>]
let map (_next: 'a -> 'b) (_promise: JS.Promise<'a>) : JS.Promise<'b> = jsNative

[<Emit("$1.catch($0)")>]
let catch (_handler: exn -> JS.Promise<'t>) (_promise: JS.Promise<'t>) : JS.Promise<'t> = jsNative

[<Emit("void $0")>]
let start (_promise: JS.Promise<unit>) : unit = jsNative

type PromiseBuilder() =
    member _.Bind(value, next) = bind next value
    member _.Return(value) = resolved value
    member _.ReturnFrom(value: JS.Promise<'t>) = value
    member _.Zero() = resolved ()
    member _.Delay(body: unit -> JS.Promise<'t>) = body

    member _.Combine(first: JS.Promise<unit>, next: unit -> JS.Promise<'t>) = bind next first

    member _.TryWith(body: unit -> JS.Promise<'t>, handler) =
        resolved () |> bind body |> catch handler

    member _.Run(body: unit -> JS.Promise<'t>) = resolved () |> bind body

let promise = PromiseBuilder()
