/// The variables as they were at a position of the history.
module GopherFlow.Client.Pages.Workflow.VariablesThen

open Feliz
open GopherFlow.Contract
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Pages.Workflow.VariableFrame

/// Variables that the entry changed are marked.
let view =
    React.functionComponent (
        "VariablesAt",
        fun
            (props:
                {|
                    id: Id
                    position: Id
                    entry: HistoryEntry option
                    before: Id option
                |}) ->
            let before = Queries.useVariablesAt props.id props.before
            let trace = props.entry |> Option.bind _.Variables

            let changed =
                match trace with
                | Some trace -> (Json.entriesOf trace.Set |> List.map fst) @ trace.Omitted |> Set.ofList
                | None -> Set.empty

            let removed = trace |> Option.map _.Removed |> Option.defaultValue []

            let formerly (name: string) : obj option =
                before.Data
                |> Option.bind (fun found -> Json.entriesOf found.Values |> List.tryFind (fst >> (=) name))
                |> Option.map snd

            let mark (name: string) =
                if changed.Contains name then Some "changed here" else None

            let former (name: string) : ReactElement =
                match formerly name with
                | Some value ->
                    Html.div [
                        prop.className "variable-former"
                        prop.children [ Html.span "before"; valueOf value ]
                    ]
                | None -> Html.none

            shown "the variables" (Queries.useVariablesAt props.id (Some props.position)) (fun found ->
                let values = Json.entriesOf found.Values

                Html.div [
                    prop.className "variables"
                    prop.children [
                        Html.p [
                            prop.className "drawer-note"
                            prop.text "As they were then. Go back to now to edit them."
                        ]
                        if values.IsEmpty && found.Unknown.IsEmpty && removed.IsEmpty then
                            Basics.empty
                                (if props.entry.IsSome then
                                     "There were no variables yet."
                                 else
                                     "The variables at this position are not known.")
                                []
                        for name, value in values do
                            frame name (mark name) [] [
                                valueOf value
                                if changed.Contains name then
                                    former name
                            ]
                        for name in found.Unknown do
                            frame name (mark name) [] [ noted notKept ]
                        for name in removed do
                            frame name (Some "removed here") [] [ former name ]
                    ]
                ])
    )
