/// Limits an exception in one page to that page.
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
            Title = "This page has crashed."
            Detail = reason.Message
            Faults = []
            RetryAfter = None
        }
        (fun () -> props?resetErrorBoundary ())

/// Shows the exception instead of the content, until the user tries again or the address changes.
let around (address: string) (content: ReactElement) : ReactElement =
    Interop.createElement (
        boundary,
        createObj [
            "resetKeys", box [| address |]
            "fallbackRender", box fault
            "children", box content
        ]
    )
