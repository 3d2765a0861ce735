/// The dialog for moving workflows to another version: it shows the plan before the move.
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

/// The server's answer to a request: the plan, or why there is none.
type Answer = {
    Request: ScriptCalls.MoveRequest
    Planned: Result<VersionMove, string>
}

/// The plan to show: for the chosen versions, though maybe not yet for the chosen states.
let shownPlan (request: ScriptCalls.MoveRequest) (answer: Answer option) : VersionMove option =
    match answer with
    | Some { Request = asked; Planned = Ok plan } when asked.From = request.From && asked.To = request.To -> Some plan
    | _ -> None

let private isOf (request: ScriptCalls.MoveRequest) (answer: Answer) = answer.Request = request

/// The plan that may be carried out: it belongs to exactly this request.
let soundPlan (request: ScriptCalls.MoveRequest) (answer: Answer option) : VersionMove option =
    answer |> Option.filter (isOf request) |> shownPlan request

/// Why there is no plan for this request.
let refusal (request: ScriptCalls.MoveRequest) (answer: Answer option) : string option =
    match answer |> Option.filter (isOf request) with
    | Some { Planned = Result.Error reason } -> Some reason
    | _ -> None

let private told (failure: exn) : string =
    failure |> Problem.ofException |> Problem.text

/// The latest plan; an older answer does not replace a newer one.
let private useAnswer (name: string) (request: ScriptCalls.MoveRequest) : Answer option =
    let answer, setAnswer = React.useState (None: Answer option)

    React.useEffect (
        (fun () ->
            let wanted = ref true

            let take (planned: Result<VersionMove, string>) =
                if wanted.Value then
                    setAnswer (Some { Request = request; Planned = planned })

            if request.To <> "" then
                ScriptCalls.move name request
                |> map Ok
                |> catch (fun failure -> resolved (Result.Error(told failure)))
                |> map take
                |> start

            React.createDisposable (fun () -> wanted.Value <- false)),
        [| box request.From; box request.To; box (string request.States) |]
    )

    answer

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
            // The last move, and how many workflows it moved.
            let moved, setMoved =
                React.useState (None: (ScriptCalls.MoveRequest * Count) option)

            // The last refused move, and the reason.
            let refused, setRefused =
                React.useState (None: (ScriptCalls.MoveRequest * string) option)

            let request: ScriptCalls.MoveRequest = {
                From = from
                To = target
                States = states
                DryRun = true
            }

            let answer = useAnswer props.name request
            let plan = soundPlan request answer
            let blocked = MovePlan.blockedReason plan

            let reason =
                refused
                |> Option.filter (fst >> (=) request)
                |> Option.map snd
                |> Option.orElse (refusal request answer)

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
                    setRefused None

                    try
                        let! done' = ScriptCalls.move props.name { request with DryRun = false }
                        setMoved (Some(request, done'.Moved))
                    with failure ->
                        setRefused (Some(request, told failure))
                        setBusy false
                }

            let submit () =
                if blocked.IsNone && not busy then
                    start (move ())

            match moved with
            | Some(request, count) ->
                Forms.form "dialog-form" props.close [
                    Html.p [
                        prop.className "consequence"
                        prop.role "status"
                        prop.text $"{MovePlan.amount count} moved from version {request.From} to {request.To}."
                    ]
                    Html.div [ prop.className "form-end"; prop.children [ Forms.submit "Close" false ] ]
                ]
            | None ->
                Forms.form "dialog-form move-form" submit [
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
                    Forms.refusal reason
                    match shownPlan request answer with
                    | Some plan ->
                        MovePlan.table (MovePlan.targets definition.Data) choose plan

                        for reason in plan.Refusals do
                            Html.p [ prop.key reason; prop.className "fault"; prop.text reason ]
                    | None when target = "" ->
                        Html.p [
                            prop.className "faint"
                            prop.text "No other version runs on this server, so there is no target version."
                        ]
                    | None -> ()
                    Html.p [
                        prop.className "consequence"
                        prop.text
                            "Each workflow moves to the state chosen for its current state, and gets an entry in its history. A step that is running then runs again on the new version."
                    ]
                    Html.div [
                        prop.className "form-end"
                        prop.children [
                            Forms.cancel props.close
                            Html.button [
                                prop.type' "submit"
                                prop.className "button primary"
                                prop.disabled (busy || blocked.IsSome)
                                match blocked with
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

/// The dialog. None: closed; Some: open with this source version.
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

/// The button in a version's row that opens the dialog.
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
