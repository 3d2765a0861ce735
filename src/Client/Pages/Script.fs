/// One script: the diagram of its current version, its source and versions beside it, and what can be done with it.
module GopherFlow.Client.Pages.Script

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Parts
open GopherFlow.Client.Parts.Basics
open GopherFlow.Client.Parts.Confirm
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Diagram
open GopherFlow.Client.Diagram.Props

let private disabledFor (session: Session) : string option =
    if Session.isAdmin session then
        None
    else
        Some $"Your role is {session.Role}. This needs the role admin."

let private rollBack (script: Script) (version: string) : Question = {
    Title = $"Roll {script.Name} back"
    Consequence =
        $"New workflows start on version {version}, on every server. Those that have started go on with the version that they are on."
    Action = "Roll back"
    Act = fun () -> ScriptCalls.rollBack script.Name version
}

let private disable (script: Script) : Question = {
    Title = $"Disable {script.Name}"
    Consequence =
        $"Until it is enabled again none of its workflows starts or goes on. None is lost. Not finished: {script.Unfinished}."
    Action = "Disable"
    Act = fun () -> ScriptCalls.disable script.Name
}

let private enable (script: Script) : Question = {
    Title = $"Enable {script.Name}"
    Consequence =
        $"Its workflows start and go on again; those that are due run at once. Not finished: {script.Unfinished}."
    Action = "Enable"
    Act = fun () -> ScriptCalls.enable script.Name
}

let private facts (details: ScriptDetails) : ReactElement =
    let current = details.Versions |> List.tryFind _.Current

    Html.dl [
        prop.className "facts"
        prop.children [
            fact "State" [ Scripts.enabledMark (Script.ofDetails details) ]
            textFact "Current version" (details.CurrentVersion |> Option.defaultValue "")
            match current with
            | Some version ->
                fact "Deployed" [ Clock.time {| at = version.Created |} ]
                textFact "By" $"{version.Author}, {version.Origin}"

                textFact
                    "Runs on this server"
                    (if version.Registered then "yes"
                     elif details.Enabled then "no, it could not be loaded here"
                     else "no, it is disabled")
            | None -> ()
            textFact "Unfinished workflows" (string details.Unfinished)
        ]
    ]

let private refused (script: Script) : ReactElement =
    match script.Refused with
    | Some refused ->
        Html.div [
            prop.className "cause"
            prop.role "status"
            prop.children [
                Html.strong $"Version {refused.Version} was refused "
                Clock.time {| at = refused.At |}
                Html.span (
                    match script.CurrentVersion with
                    | Some version -> $". Version {version} goes on."
                    | None -> ". Nothing runs yet."
                )
            ]
        ]
    | None -> Html.none

let private diagram =
    React.functionComponent (
        "ScriptDiagram",
        fun (props: {| name: string; version: string |}) ->
            let definition = Queries.useDefinitionVersion props.name props.version
            shown "the diagram" definition (Lazy.ofDefinition Screen)
    )

let private head (session: Session) (script: Script) (ask: Question -> unit) (details: ScriptDetails) =
    let runs =
        Router.Workflows(WorkflowFilter.where [ WorkflowFilter.Field.Type, script.Name ])

    Html.header [
        prop.className "run-head"
        prop.children [
            Html.div [
                prop.className "run-title"
                prop.children [
                    Html.h1 script.Name
                    Html.div [
                        prop.className "moves"
                        prop.children [
                            linkWith runs [
                                prop.className "button"
                                prop.children [ Icons.list; Html.text "Workflows" ]
                            ]
                            if script.Enabled && script.CurrentVersion.IsNone then
                                Html.none
                            elif script.Enabled then
                                button Plain Icons.pause "Disable" (disabledFor session) (fun () ->
                                    ask (disable script))
                            else
                                button Primary Icons.play "Enable" (disabledFor session) (fun () -> ask (enable script))
                            if script.Enabled && script.CurrentVersion.IsSome then
                                linkWith (Router.Start script.Name) [
                                    prop.className "button primary"
                                    prop.children [ Icons.play; Html.text "Start workflow" ]
                                ]
                        ]
                    ]
                ]
            ]
            facts details
            refused script
        ]
    ]

let private content =
    React.functionComponent (
        "ScriptContent",
        fun
            (props:
                {|
                    details: ScriptDetails
                    session: Session
                |}) ->
            let details, script = props.details, Script.ofDetails props.details
            let question, ask = React.useState (None: Question option)
            let moving, move = React.useState (None: string option)
            let rows = details.Versions |> List.map VersionTable.ofScript

            let actions (compare: string -> unit) (row: VersionTable.Row) = [
                if not row.Current then
                    VersionTable.action "Compare" None (fun () -> compare row.Version)

                    VersionTable.action "Roll back…" (disabledFor props.session) (fun () ->
                        ask (Some(rollBack script row.Version)))
                yield! MoveVersions.action props.session (Some >> move) row
            ]

            Html.div [
                prop.className "run alone"
                prop.children [
                    head props.session script (Some >> ask) details
                    Html.div [
                        prop.className "run-body script-body"
                        prop.children [
                            Html.div [
                                prop.className "run-diagrams"
                                prop.children [
                                    match script.CurrentVersion with
                                    | Some version ->
                                        diagram {|
                                            name = script.Name
                                            version = version
                                        |}
                                    | None ->
                                        Basics.empty "There is no diagram yet." [
                                            Html.p "It appears when a version without faults has been deployed."
                                        ]
                                ]
                            ]
                            ScriptSide.view {|
                                details = details
                                actions = actions
                            |}
                        ]
                    ]
                    Confirm.dialog question (fun () -> ask None)
                    MoveVersions.dialog script.Name rows moving (fun () -> move None)
                ]
            ]
    )

let private missing (name: string) : ReactElement =
    Html.div [
        prop.className "page"
        prop.children [
            Basics.empty $"There is no script {name}." [ link Router.Scripts "All scripts" ]
        ]
    ]

let view =
    React.functionComponent (
        "Script",
        fun
            (props:
                {|
                    name: string
                    session: Session
                    key: string
                |}) ->
            let query = Queries.useScript props.name

            match query.Failure with
            | Some(ApiException problem) when problem.Status = 404 -> missing props.name
            | _ ->
                shown "the script" query (fun details ->
                    content {|
                        details = details
                        session = props.session
                    |})
    )
