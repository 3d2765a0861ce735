/// Taking workflows to another version: what would happen is shown first, then it is done.
module GopherFlow.Client.Pages.MoveVersions

open Feliz
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.ScriptTypes
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.VersionTable

let private versionChoice label name value set (rows: Row list) : ReactElement =
    Forms.choiceField
        {
            Label = label
            Name = name
            Value = value
            Hint = ""
            Fault = None
            Set = set
        }
        [
            if value = "" then
                "", "choose a version"
            for row in rows do
                row.Version,
                (if row.Current then
                     $"{row.Version} (current)"
                 else
                     row.Version)
        ]

/// What the dialog knows of the plan; one that was asked for earlier must not replace a later one.
let private usePlan (name: string) (request: ScriptCalls.MoveRequest) =
    let plan, setPlan = React.useState (None: VersionMove option)
    let refusal, setRefusal = React.useState (None: string option)

    React.useEffect (
        (fun () ->
            let wanted = ref true

            promise {
                if request.To <> "" then
                    try
                        let! planned = ScriptCalls.move name request

                        if wanted.Value then
                            setPlan (Some planned)
                            setRefusal None
                    with failure ->
                        if wanted.Value then
                            setPlan None
                            setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
            }
            |> start

            React.createDisposable (fun () -> wanted.Value <- false)),
        [| box request.From; box request.To; box (string request.States) |]
    )

    plan, refusal, setRefusal

let private body =
    React.functionComponent (
        "MoveVersions",
        fun
            (props:
                {|
                    name: string
                    rows: Row list
                    from: string
                    close: unit -> unit
                |}) ->
            let from, setFrom = React.useState props.from
            let target, setTarget = React.useState (MovePlan.likelyTarget props.from props.rows)
            let states, setStates = React.useState (Map.empty: Map<string, string>)
            let busy, setBusy = React.useState false
            let moved, setMoved = React.useState (None: Count option)

            let request: ScriptCalls.MoveRequest = {
                From = from
                To = target
                States = states
                DryRun = true
            }

            let plan, refusal, setRefusal = usePlan props.name request

            let definition =
                Query.useQueryWhen (target <> "") [ "definition"; props.name; target ] (fun () ->
                    ScriptCalls.definitionVersion props.name target)

            let choose state next =
                setStates (
                    if next = "" then
                        states.Remove state
                    else
                        states.Add(state, next)
                )

            let fromVersion version =
                setFrom version
                setStates Map.empty
                setTarget (MovePlan.likelyTarget version props.rows)

            let toVersion version =
                setTarget version
                setStates Map.empty

            let move () =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        let! done' = ScriptCalls.move props.name { request with DryRun = false }
                        setMoved (Some done'.Moved)
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
                        setBusy false
                }

            match moved with
            | Some count ->
                Forms.form "dialog-form" props.close [
                    Html.p [
                        prop.className "consequence"
                        prop.role "status"
                        prop.text $"{MovePlan.amount count} moved from version {from} to {target}."
                    ]
                    Html.div [ prop.className "form-end"; prop.children [ Forms.submit "Close" false ] ]
                ]
            | None ->
                Forms.form "dialog-form move-form" (move >> start) [
                    Html.div [
                        prop.className "two-fields"
                        prop.children [
                            versionChoice "From version" "move-from" from fromVersion props.rows
                            versionChoice
                                "To version"
                                "move-to"
                                target
                                toVersion
                                (props.rows |> List.filter (fun row -> row.Version <> from && row.Registered))
                        ]
                    ]
                    Forms.refusal refusal
                    match plan with
                    | Some plan ->
                        MovePlan.table (MovePlan.targets definition.Data) choose plan

                        for reason in plan.Refusals do
                            Html.p [ prop.key reason; prop.className "fault"; prop.text reason ]
                    | None when target = "" ->
                        Html.p [
                            prop.className "faint"
                            prop.text "No other version runs on this server, so there is none to go to."
                        ]
                    | None -> ()
                    Html.p [
                        prop.className "consequence"
                        prop.text
                            "Each goes to the state chosen for its own, and gets an entry in its history. A step that runs at that moment runs again on the new version."
                    ]
                    Html.div [
                        prop.className "form-end"
                        prop.children [
                            Forms.cancel props.close
                            Html.button [
                                prop.type' "submit"
                                prop.className "button primary"
                                prop.disabled (busy || (MovePlan.blockedReason plan).IsSome)
                                match MovePlan.blockedReason plan with
                                | Some reason -> prop.title reason
                                | None -> ()
                                prop.text (
                                    match plan with
                                    | Some plan when not plan.Plan.IsEmpty ->
                                        $"Move {MovePlan.amount (MovePlan.workflows plan.Plan)}"
                                    | _ -> "Move"
                                )
                            ]
                        ]
                    ]
                ]
    )

/// The dialog; None is closed, Some the version to begin with.
let dialog (name: string) (rows: Row list) (from: string option) (close: unit -> unit) : ReactElement =
    match from with
    | Some from ->
        Modal.usual
            $"Move workflows of {name}"
            close
            (body {|
                name = name
                rows = rows
                from = from
                close = close
            |})
    | None -> Html.none

/// The button of a version's row that opens it.
let action (session: Session) (openFor: string -> unit) (row: Row) : ReactElement list =
    if row.Unfinished = 0.0 then
        []
    else
        let disabled =
            if Api.Types.Session.mayChange session then
                None
            else
                Some "Your role is viewer. Moving workflows needs the role operator or admin."

        [ VersionTable.action "Move…" disabled (fun () -> openFor row.Version) ]
