/// The list of the children of a run, beside the state that waits for them.
module GopherFlow.Client.Pages.ChildrenBeside

open Feliz
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram

let private row (child: Workflow) : ReactElement =
    Html.li [
        prop.key (string child.Id)
        prop.className "entry"
        prop.children [
            Html.div [
                prop.className "entry-head"
                prop.children [
                    workflowLink child.Id
                    Html.span [ prop.className "entry-name"; prop.text child.State ]
                    statusChip child.Status
                ]
            ]
            Html.div [ prop.className "entry-text"; prop.text child.BusinessKey ]
        ]
    ]

/// Failed children first, then running ones.
let inOrder (children: Workflow list) : Workflow list =
    children
    |> List.sortBy (fun child ->
        match Tally.Group.ofStatus (Workflow.status child) with
        | Tally.Failing -> 0
        | Tally.Running -> 1
        | Tally.Resting -> 2
        | Tally.Ended -> 3)

/// The number of children. Of very many, not all are read.
let heading (children: Workflow list) : string =
    match children.Length with
    | 1 -> "1 child"
    | few when few < Calls.MostChildren -> $"{few} children"
    | _ -> $"The newest {Calls.MostChildren} children, and those that failed"

let view (children: Workflow list) (close: unit -> unit) : ReactElement =
    Html.section [
        prop.className "children-beside"
        prop.testId "children-beside"
        prop.ariaLabel "Children"
        prop.onKeyDown (fun event ->
            if event?key = "Escape" then
                close ())
        prop.children [
            Html.div [
                prop.className "filter-note"
                prop.children [
                    Html.strong (heading children)
                    iconButton Icons.cross "Close the children" false close
                ]
            ]
            Html.ol [
                prop.className "history"
                prop.children (children |> inOrder |> List.map row)
            ]
        ]
    ]
