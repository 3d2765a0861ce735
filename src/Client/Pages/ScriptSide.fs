/// Beside the diagram of a script: its source with what is wrong in it, its versions, and what is different between two.
module GopherFlow.Client.Pages.ScriptSide

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.ScriptTypes

type Tab =
    | Source
    | Versions
    | Differences

/// The version before the current one, and the current one: what one most likely wants to compare.
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

let private refusedNote (script: Script) (refused: RefusedSource) : ReactElement =
    Html.p [
        prop.className "pad faint"
        prop.text (
            match script.CurrentVersion with
            | Some version ->
                $"These are lines of the refused source {refused.Version}, which is not kept. They are marked in version {version}, which goes on."
            | None -> $"The source {refused.Version} was refused, and is not kept. Deploy a mended one."
        )
    ]

let private source (details: ScriptDetails) : ReactElement =
    let faults = Script.faults (Script.ofDetails details)

    Html.div [
        match details.Refused with
        | Some refused ->
            Source.faults refused.Diagnostics
            refusedNote (Script.ofDetails details) refused
        | None -> ()

        match details.Source with
        | Some text ->
            Source.view (Script.file details.Name) text faults

            for file in details.Loaded do
                Html.section [
                    prop.key file.File
                    prop.children [
                        Html.div [ prop.className "diff-head"; prop.text file.File ]
                        Source.view file.File file.Text faults
                    ]
                ]
        | None -> Basics.empty "No version of this script was ever deployed." []
    ]

let private versionSelect (label: string) (value: string) (choose: string -> unit) (versions: ScriptVersion list) =
    Html.select [
        prop.ariaLabel label
        prop.value value
        prop.onChange choose
        prop.children [
            if value = "" then
                Html.option [ prop.key ""; prop.value ""; prop.text "choose a version" ]
            for version in versions do
                Html.option [
                    prop.key version.Version
                    prop.value version.Version
                    prop.text (
                        if version.Current then
                            $"{version.Version} (current)"
                        else
                            version.Version
                    )
                ]
        ]
    ]

let private differences =
    React.functionComponent (
        "ScriptDifferences",
        fun
            (props:
                {|
                    details: ScriptDetails
                    pair: string * string
                    choose: string * string -> unit
                |}) ->
            let from, target = props.pair
            let found = Queries.useDifferences props.details.Name from target

            Html.div [
                prop.children [
                    Html.div [
                        prop.className "compare-choice"
                        prop.children [
                            versionSelect
                                "From version"
                                from
                                (fun version -> props.choose (version, target))
                                props.details.Versions
                            Html.text "→"
                            versionSelect
                                "To version"
                                target
                                (fun version -> props.choose (from, version))
                                props.details.Versions
                        ]
                    ]
                    if from = "" || target = "" then
                        Basics.empty "There is no other version to compare with." []
                    else
                        shown "the differences" found (fun found ->
                            Html.fragment (List.map Comparison.view found.Files))
                ]
            ]
    )

let private tabButton (current: Tab) (choose: Tab -> unit) (tab: Tab) (text: string) (count: int option) =
    Html.button [
        prop.key text
        prop.type' "button"
        prop.role "tab"
        prop.className "tab"
        prop.ariaSelected ((tab = current))
        prop.onClick (fun _ -> choose tab)
        prop.children [
            Html.text text
            match count with
            | Some count -> Html.span [ prop.className "tab-count"; prop.text count ]
            | None -> ()
        ]
    ]

let view =
    React.functionComponent (
        "ScriptSide",
        fun
            (props:
                {|
                    details: ScriptDetails
                    actions: (string -> unit) -> VersionTable.Row -> ReactElement list
                |}) ->
            let details = props.details
            let tab, setTab = React.useState Source
            let chosen, choose = React.useState (None: (string * string) option)
            let pair = chosen |> Option.defaultValue (likelyPair details)

            let compare version =
                choose (Some(version, details.CurrentVersion |> Option.defaultValue version))
                setTab Differences

            let faults = (Script.faults (Script.ofDetails details)).Length

            Html.section [
                prop.className "side-panel script-side"
                prop.children [
                    Html.div [
                        prop.className "tabs"
                        prop.role "tablist"
                        prop.children [
                            tabButton tab setTab Source "Source" (if faults = 0 then None else Some faults)
                            tabButton tab setTab Versions "Versions" (Some details.Versions.Length)
                            tabButton tab setTab Differences "Differences" None
                        ]
                    ]
                    Html.div [
                        prop.className "tab-body"
                        prop.role "tabpanel"
                        prop.tabIndex 0
                        prop.children [
                            match tab with
                            | Source -> source details
                            | Versions ->
                                details.Versions
                                |> List.map VersionTable.ofScript
                                |> VersionTable.view details.Name (props.actions compare)
                            | Differences ->
                                differences {|
                                    details = details
                                    pair = pair
                                    choose = Some >> choose
                                |}
                        ]
                    ]
                ]
            ]
    )
