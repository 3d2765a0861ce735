/// The bar with the operations on the selected workflows.
module GopherFlow.Client.Pages.Workflows.BulkBar

open Feliz
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Workflows.Bulk

let private direct = [ Retry; Cancel; Pause; Resume ]
let private others = [ RunAgain; Place; Signal; ChangeState; Delete ]

let private name (kind: Kind) : string = fst (Describe.operation kind)

let private icon =
    function
    | Retry -> Icons.turn
    | Cancel -> Icons.cross
    | Pause -> Icons.pause
    | _ -> Icons.play

type Bar = {
    Text: string
    /// The text and the action of the button that selects all search results; None when there are no more to select.
    All: (string * (unit -> unit)) option
    /// None when the operations can be used.
    DisabledBecause: string option
    Ask: Kind -> unit
    Clear: unit -> unit
}

let view (bar: Bar) : ReactElement =
    Html.div [
        prop.className "bulk-bar"
        prop.role "region"
        prop.ariaLabel "Selected workflows"
        prop.children [
            Html.strong bar.Text
            match bar.All with
            | Some(text, choose) ->
                Html.button [
                    prop.type' "button"
                    prop.className "button quiet"
                    prop.onClick (fun _ -> choose ())
                    prop.text text
                ]
            | None -> ()
            Html.div [
                prop.className "bulk-actions"
                prop.children [
                    for kind in direct do
                        button Plain (icon kind) (name kind) bar.DisabledBecause (fun () -> bar.Ask kind)
                    Dropdown.view {|
                        icon = Html.none
                        text = "More"
                        disabledBecause = bar.DisabledBecause
                        body =
                            fun close ->
                                Html.fragment [
                                    for kind in others ->
                                        Dropdown.entry (name kind) None (fun () ->
                                            close ()
                                            bar.Ask kind)
                                ]
                    |}
                    iconButton Icons.cross "Clear the selection" false bar.Clear
                ]
            ]
            match bar.DisabledBecause with
            | Some reason -> Html.span [ prop.className "faint"; prop.text reason ]
            | None -> ()
        ]
    ]
