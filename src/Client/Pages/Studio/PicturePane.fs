/// The diagram beside the editor: of the text, or of a trial step by step.
module GopherFlow.Client.Pages.Studio.PicturePane

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props
open GopherFlow.Client.Pages.Studio.Model

let private drawn =
    React.functionComponent (
        "StudioDiagram",
        fun
            (props:
                {|
                    machine: Definition
                    old: bool
                    trial: (Trial * int) option
                    selected: string option
                    select: string -> unit
                |}) ->
            let graph =
                React.useMemo ((fun () -> Graph.ofDefinition props.machine), [| props.machine |])

            let trial = props.trial |> Option.map fst
            let step = props.trial |> Option.map snd |> Option.defaultValue -1

            let picture =
                React.useMemo (
                    (fun () ->
                        match trial with
                        | Some trial -> TrialRun.picture graph trial step
                        | None -> Pictures.Definition.picture graph),
                    [| graph; box trial; box step |]
                )

            Lazy.view {
                Graph = graph
                Picture = if props.old then Pictures.Draft.stale picture else picture
                Mermaid = props.machine.FlowChart
                Size = Screen
                Selected = props.selected
                Select = Some props.select
                OpenChildren = None
            }
    )

/// Whether the diagram is older than the text.
let private isOld (model: Model) : bool =
    model.Machine.IsSome && faults model > 0

let view (model: Model) (selected: string option) (dispatch: Msg -> unit) : ReactElement =
    Html.section [
        prop.className "studio-picture"
        prop.ariaLabel "Diagram"
        prop.children [
            match model.Machine with
            | Some machine ->
                drawn {|
                    machine = machine
                    old = isOld model
                    trial =
                        if model.Below = Try then
                            trial model |> Option.map (fun trial -> trial, model.Trying.Step)
                        else
                            None
                    selected = selected
                    select = Select >> dispatch
                |}
            | None when faults model > 0 ->
                Basics.empty "There is no diagram yet." [ Html.p "It appears when the text has no errors." ]
            | None -> Basics.loading "the diagram"
            if isOld model then
                Html.p [
                    prop.className "picture-note"
                    prop.role "status"
                    prop.text "As it was before the errors"
                ]
        ]
    ]
