/// The differences between two versions, or between a version and the text in the editor.
module GopherFlow.Client.Pages.Studio.ChangesPanel

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Api
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Pages.Studio.Model

/// The entry for the text in the editor among the versions.
let private here = "the text here"

/// The previous version and the current one: the most likely comparison.
let likelyPair (details: ScriptDetails) : string * string =
    let current = details.CurrentVersion |> Option.defaultValue ""

    let older =
        details.Versions
        |> List.skipWhile (fun version -> version.Version <> current)
        |> List.tryItem 1
        |> Option.orElse (details.Versions |> List.tryFind (fun version -> version.Version <> current))
        |> Option.map _.Version
        |> Option.defaultValue ""

    older, current

let private select (label: string) (value: string) (choose: string -> unit) (options: (string * string) list) =
    Html.select [
        prop.ariaLabel label
        prop.value value
        prop.onChange choose
        prop.children [
            if value = "" then
                Html.option [ prop.key ""; prop.value ""; prop.text "choose a version" ]
            for version, text in options do
                Html.option [ prop.key version; prop.value version; prop.text text ]
        ]
    ]

let private versions (details: ScriptDetails) = [
    for version in details.Versions ->
        version.Version,
        (if version.Current then
             $"{version.Version} (current)"
         else
             version.Version)
]

/// Compares two texts in the browser, for a text that the server does not have.
let ofTexts (name: string) (older: string) (newer: string) : ReactElement =
    Comparison.view {
        File = Script.file name
        Lines = LineDifferences.between older newer
    }

let private withText =
    React.functionComponent (
        "DifferencesWithText",
        fun
            (props:
                {|
                    name: string
                    from: string
                    source: string
                |}) ->
            let found = Queries.useScriptSource props.name props.from

            shown "the version" found (fun version ->
                ofTexts props.name (version.Source.Replace("\r\n", "\n")) props.source)
    )

let private ofVersions =
    React.functionComponent (
        "Differences",
        fun
            (props:
                {|
                    name: string
                    from: string
                    target: string
                |}) ->
            let found = Queries.useDifferences props.name props.from props.target
            shown "the differences" found (fun found -> Html.fragment (List.map Comparison.view found.Files))
    )

let view =
    React.functionComponent (
        "ChangesPanel",
        fun
            (props:
                {|
                    model: Model
                    pair: (string * string) option
                    choose: string * string -> unit
                |}) ->
            match props.model.Details with
            | Some details when not details.Versions.IsEmpty ->
                let from, target =
                    match props.pair with
                    | Some pair -> pair
                    | None when isChanged props.model -> details.CurrentVersion |> Option.defaultValue "", here
                    | None -> likelyPair details

                Html.div [
                    Html.div [
                        prop.className "compare-choice"
                        prop.children [
                            select "From version" from (fun from -> props.choose (from, target)) (versions details)
                            Html.text "→"
                            select "To version" target (fun target -> props.choose (from, target)) [
                                here, here
                                yield! versions details
                            ]
                        ]
                    ]
                    if from = "" || target = "" then
                        Basics.empty "There is no other version to compare with." []
                    elif target = here then
                        withText {|
                            name = props.model.Name
                            from = from
                            source = props.model.Source
                        |}
                    else
                        ofVersions {|
                            name = props.model.Name
                            from = from
                            target = target
                        |}
                ]
            | _ ->
                Html.p [
                    prop.className "studio-note"
                    prop.text "No version of this script was ever deployed, so there is none to compare with."
                ]
    )
