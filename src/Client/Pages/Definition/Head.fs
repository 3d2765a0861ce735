/// The head of a definition's page: its name, four facts and buttons; the other facts are in a drawer.
module GopherFlow.Client.Pages.Definition.Head

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram
open GopherFlow.Client.Pages.Definition.Model

let private versionFact (definition: Definition) (versions: DefinitionVersion list) : ReactElement =
    fact "Version" [
        Html.span [
            prop.className "value"
            prop.title definition.Version
            prop.text definition.Version
        ]
        match versions |> List.tryFind _.Current with
        | Some current when current.Version = definition.Version ->
            Html.span [ prop.className "tag"; prop.text "current" ]
        | Some current ->
            link (Router.DefinitionVersion(definition.Name, current.Version)) $"not current, {current.Version} is"
        | None -> ()
    ]

let private facts (definition: Definition) (versions: DefinitionVersion list) (counts: WorkflowCount list option) =
    Html.dl [
        prop.className "facts"
        prop.children [
            versionFact definition versions
            textFact
                "Unfinished"
                (counts
                 |> Option.map (Update.tally definition None >> Update.unfinished)
                 |> Option.defaultValue "…")
            textFact "Retry" (Rules.retry definition.Retry)
            textFact
                "Runs on this server"
                (if definition.Registered then
                     "yes"
                 else
                     "no: its code is not here, or its script is disabled")
        ]
    ]

let private drawer (definition: Definition) : ReactElement =
    Html.details [
        prop.className "more-facts"
        prop.children [
            Html.summary "Details"
            Html.p [ prop.className "lead"; prop.text definition.Description ]
            Html.dl [
                prop.className "facts"
                prop.children [
                    textFact "Starts at" definition.InitialState
                    textFact "States" (string definition.States.Length)
                    fact "Created" [ Clock.time {| at = definition.Created |} ]
                    fact "Updated" [ Clock.time {| at = definition.Updated |} ]
                ]
            ]
        ]
    ]

let private compareChoice (definition: Definition) (versions: DefinitionVersion list) (model: Model) dispatch =
    match versions |> List.filter (fun version -> version.Version <> definition.Version) with
    | [] -> Html.none
    | others ->
        Html.select [
            prop.className (if model.Compared.IsSome then "filter active" else "filter")
            prop.ariaLabel "Compare with another version"
            prop.value (model.Compared |> Option.defaultValue "")
            prop.onChange (fun version ->
                dispatch (
                    if version = "" then
                        ComparisonClosed
                    else
                        ComparedWith version
                ))
            prop.children [
                yield Html.option [ prop.key ""; prop.value ""; prop.text "Compare with…" ]
                for other in others do
                    yield
                        Html.option [
                            prop.key other.Version
                            prop.value other.Version
                            prop.text $"Compare with {other.Version}"
                        ]
            ]
        ]

let view (definition: Definition) versions counts (model: Model) dispatch : ReactElement =
    let runs =
        Router.Workflows(WorkflowFilter.where [ WorkflowFilter.Field.Type, definition.Name ])

    Html.header [
        prop.className "run-head"
        prop.children [
            Html.div [
                prop.className "run-title"
                prop.children [
                    Html.h1 definition.Name
                    Html.div [
                        prop.className "moves"
                        prop.children [
                            compareChoice definition versions model dispatch
                            linkWith runs [
                                prop.className "button"
                                prop.children [ Icons.list; Html.text "Workflows of this type" ]
                            ]
                            linkWith (Router.Start definition.Name) [
                                prop.className "button primary"
                                prop.children [ Icons.play; Html.text "Start workflow" ]
                            ]
                        ]
                    ]
                ]
            ]
            Html.div [
                prop.className "fact-rows"
                prop.children [ facts definition versions counts; drawer definition ]
            ]
        ]
    ]
