/// Components whose code is loaded when they are first shown, so that the first load stays small.
module GopherFlow.Client.Parts.Fetched

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Client

[<Import("ErrorBoundary", "react-error-boundary")>]
let private boundary: obj = jsNative

/// The code could not be loaded: the files of an older console are gone once a newer one is deployed.
exception private NotFetched of reason: string

let private notice (what: string) : ReactElement =
    Html.div [
        prop.className "notice failure"
        prop.role "alert"
        prop.children [
            Html.strong $"The console could not load {what}"
            Html.div [
                prop.className "advice"
                prop.children [
                    Html.p
                        "A newer version may have been installed since this tab was opened, or the server does not answer. Reload the console to continue."
                    Html.button [
                        prop.type' "button"
                        prop.className "button"
                        prop.onClick (fun _ -> Browser.Address.reload ())
                        prop.text "Reload"
                    ]
                ]
            ]
        ]
    ]

/// A component whose code is loaded when it is first shown, with a loading notice meanwhile. If the code cannot be loaded it
/// offers a reload, and tries again when it is next shown.
let part (what: string) (fetch: unit -> JS.Promise<'props -> ReactElement>) : 'props -> ReactElement =
    let held = ref None

    let begun () =
        React.lazy' (fun () ->
            fetch ()
            |> Promise.catch (fun failure ->
                held.Value <- None
                Promise.rejected (NotFetched failure.Message)))

    let component' () =
        match held.Value with
        | Some known -> known
        | None ->
            let fresh = begun ()
            held.Value <- Some fresh
            fresh

    let fault (props: obj) : ReactElement =
        match props?error: exn with
        | NotFetched _ -> notice what
        | other -> raise other

    fun props ->
        Interop.createElement (
            boundary,
            createObj [
                "resetKeys", box [| fault |]
                "fallbackRender", box fault
                "children", box (React.suspense ([ component' () props ], Basics.loading what))
            ]
        )
