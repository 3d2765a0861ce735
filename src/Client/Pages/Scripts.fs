/// The list of scripts: the current version of each, whether it is enabled, and the errors of its last source.
module GopherFlow.Client.Pages.Scripts

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Api
open GopherFlow.Client.Api.ScriptTypes

/// Shows whether the script is enabled: only then are its workflows started and run.
let enabledMark (script: Script) : ReactElement =
    let tone, text =
        match script.Enabled, script.CurrentVersion with
        | true, Some _ -> "fine", "Enabled"
        | true, None -> "idle", "Never deployed"
        | false, _ -> "bad", "Disabled"

    Html.span [ prop.className "runs"; prop.data ("tone", tone); prop.text text ]

/// The number of errors in the last source, if it was refused.
let faultBadge (script: Script) : ReactElement =
    let errors =
        script
        |> Script.faults
        |> List.filter (fun diagnostic -> Severity.ofWire diagnostic.Severity = Fault)
        |> List.length

    match script.Refused with
    | None -> Html.span [ prop.className "faint"; prop.text "none" ]
    | Some refused ->
        Html.span [
            prop.className "badge bad"
            prop.title $"Version {refused.Version} was refused; the previous version continues to run."
            prop.text (if errors = 1 then "1 fault" else $"{errors} faults")
        ]

let private columns: Table.Table<Script> = {
    Label = "Scripts"
    Key = _.Name
    Open = Some(fun script -> Router.Script script.Name)
    Columns = [
        Table.column "Script" (fun script -> [ link (Router.Script script.Name) script.Name ])
        Table.column "Current version" (fun script -> [
            match script.CurrentVersion with
            | Some version -> Html.code version
            | None -> Html.span [ prop.className "faint"; prop.text "none" ]
        ])
        Table.column "State" (fun script -> [ enabledMark script ])
        Table.column "Faults" (fun script -> [ faultBadge script ])
        Table.number "Unfinished" (fun script -> string script.Unfinished)
        Table.column "Changed" (fun script -> [ Clock.time {| at = script.Updated |} ])
    ]
}

let private table (scripts: Script list) : ReactElement =
    if scripts.IsEmpty then
        Basics.empty "There are no scripts yet." [
            Html.p "Write one here, or save it as an .fsx file in the folder that GFLOW_SCRIPTS_DIR names."
        ]
    else
        Table.stacking columns scripts

let view =
    React.functionComponent (
        "Scripts",
        fun (props: {| session: Session; key: string |}) ->
            let scripts = Queries.useScripts ()

            Html.div [
                prop.className "page"
                prop.children [
                    Html.header [
                        prop.className "page-head"
                        prop.children [
                            Html.h1 "Scripts"
                            NewScript.button {|
                                session = props.session
                                taken = scripts.Data |> Option.defaultValue [] |> List.map _.Name
                            |}
                        ]
                    ]
                    shown "scripts" scripts table
                ]
            ]
    )
