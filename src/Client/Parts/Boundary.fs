/// Keeps a fault in one page from taking the console with it.
module GopherFlow.Client.Parts.Boundary

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client.Api.Http

[<Import("ErrorBoundary", "react-error-boundary")>]
let private boundary: obj = jsNative

let private fault (props: obj) : ReactElement =
    let reason: exn = props?error

    Basics.failure
        {
            Status = 0
            Title = "This page has failed."
            Detail = reason.Message
            Faults = []
            RetryAfter = None
        }
        (fun () -> props?resetErrorBoundary ())

/// Shows what went wrong in the place of the content, until it is tried again or the address changes.
let around (address: string) (content: ReactElement) : ReactElement =
    Interop.createElement (
        boundary,
        createObj [
            "resetKeys", box [| address |]
            "fallbackRender", box fault
            "children", box content
        ]
    )
