/// The dialogs of the operations: each says what it will do before it is done.
module GopherFlow.Client.Pages.Workflow.Operations

open Feliz
open Fable.Core
open Fable.Core.JsInterop
open GopherFlow.Contract
open GopherFlow.Client
open GopherFlow.Client.Time
open GopherFlow.Client.Promise
open GopherFlow.Client.Parts
open GopherFlow.Client.Api
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Api.Http
open GopherFlow.Client.Pages.Workflow.Model

/// A form in a dialog: what it will do, its fields, and why it was refused.
let private acting =
    React.functionComponent (
        "Acting",
        fun
            (props:
                {|
                    title: string
                    action: string
                    consequence: string list
                    fields: ReactElement list
                    blocked: string option
                    act: unit -> JS.Promise<unit>
                    close: unit -> unit
                |}) ->
            let busy, setBusy = React.useState false
            let refusal, setRefusal = React.useState (None: string option)

            let act () =
                promise {
                    setBusy true
                    setRefusal None

                    try
                        do! props.act ()
                        props.close ()
                    with failure ->
                        setRefusal (failure |> Problem.ofException |> Problem.text |> Some)
                        setBusy false
                }

            Forms.dialog {|
                title = props.title
                close = props.close
                body =
                    Forms.form "dialog-form" (act >> start) [
                        Forms.refusal refusal
                        yield! props.fields
                        Html.div [
                            prop.className "consequence"
                            prop.children [ for sentence in props.consequence -> Html.p sentence ]
                        ]
                        match props.blocked with
                        | Some reason -> Html.p [ prop.className "hint"; prop.text reason ]
                        | None -> ()
                        Html.div [
                            prop.className "form-end"
                            prop.children [
                                Forms.cancel props.close
                                Forms.submit props.action (busy || props.blocked.IsSome)
                            ]
                        ]
                    ]
            |}
    )

let private simple title action consequence act close =
    acting {|
        title = title
        action = action
        consequence = consequence
        fields = []
        blocked = None
        act = act
        close = close
    |}

let private tick (name: string) (text: string) (isOn: bool) (set: bool -> unit) : ReactElement =
    Html.label [
        prop.className "tick-box"
        prop.children [
            Html.input [
                prop.type' "checkbox"
                prop.name name
                prop.custom ("checked", isOn)
                prop.custom ("onChange", (fun (event: obj) -> set event?target?``checked``))
            ]
            Html.text text
        ]
    ]

let private cancelling =
    React.functionComponent (
        "Cancelling",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let withChildren, setWithChildren = React.useState (workflow.OpenChildren > 0)

            acting {|
                title = $"Cancel workflow {workflow.Id}"
                action = "Cancel the workflow"
                consequence = [
                    "It ends as cancelled, or goes to the state that its definition names for that."
                    if Workflow.status workflow = Executing then
                        "The step that runs is asked to stop, and nothing of it is kept."
                    if workflow.OpenChildren > 0 then
                        if withChildren then
                            $"Cancelled with it: {Choices.childrenWords workflow.OpenChildren}, and all below."
                        else
                            $"Left as they are: {Choices.childrenWords workflow.OpenChildren}."
                ]
                fields = [
                    if workflow.OpenChildren > 0 then
                        tick
                            "with-children"
                            $"Cancel {Choices.childrenWords workflow.OpenChildren}, too"
                            withChildren
                            setWithChildren
                ]
                blocked = None
                act = fun () -> RunCalls.cancel workflow.Id withChildren
                close = props.close
            |}
    )

let private moving =
    React.functionComponent (
        "Moving",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    target: string
                    close: unit -> unit
                |}) ->
            let workflow, definition = props.workflow, props.definition
            let time, setTime = React.useState ""
            // The state from which it is moved is the one that was seen when the dialog was opened.
            let from = React.useRef workflow.State
            let forced, setForced = React.useState false
            let kind = Choices.target workflow definition props.target
            let runs = Choices.runs definition props.target
            let at = if runs then ofLocalField time else None

            acting {|
                title = $"Move to {props.target}"
                action =
                    (if kind = Choices.Forced then
                         "Move it all the same"
                     else
                         "Move it")
                consequence = [
                    $"Moves workflow {workflow.Id} from {from.current} to {props.target}."
                    match at with
                    | Some at -> $"It runs {Instant.exact at}."
                    | None -> Choices.arrival definition props.target
                    if Workflow.status workflow = Executing then
                        "The step that runs now is dropped."
                    if workflow.RetryCount > 0 then
                        "Its attempts are counted from the start again."
                ]
                fields = [
                    match kind with
                    | Choices.Forced ->
                        Forms.refusal (
                            Some
                                $"{from.current} does not declare {props.target} as a way out. The move has to be forced, and the history says so."
                        )

                        tick "forced" "Force the move" forced setForced
                    | Choices.Free ->
                        Html.p [
                            prop.className "hint"
                            prop.text
                                $"The definition has no way from {from.current} to {props.target}. A person may take it there all the same."
                        ]
                    | _ -> ()
                    if runs then
                        Forms.timeField {
                            Label = "When it runs"
                            Name = "new-activation"
                            Value = time
                            Hint = "Optional. Empty: as soon as it can."
                            Fault = None
                            Set = setTime
                        }
                ]
                blocked =
                    (match kind with
                     | Choices.Present -> Some "It is there already."
                     | Choices.Forced when not forced -> Some "Tick the box to force it."
                     | _ -> None)
                act =
                    fun () ->
                        RunCalls.move workflow.Id {
                            To = props.target
                            From = from.current
                            At = at
                            Forced = forced
                        }
                close = props.close
            |}
    )

let private runningAgain =
    React.functionComponent (
        "RunningAgain",
        fun
            (props:
                {|
                    workflow: Workflow
                    definition: Definition option
                    state: string
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            // What it had when the dialog was opened is what is expected of it.
            let before = React.useRef workflow.StateVars
            let text, setText = React.useState (VariableEdit.textOf workflow.StateVars)

            let wanted =
                match VariableEdit.parseValue true text with
                | Ok value when
                    jsTypeof value = "object"
                    && not (isNullOrUndefined value)
                    && not (JS.Constructors.Array.isArray value)
                    ->
                    Ok value
                | _ -> Result.Error "This is not a JSON object."

            let changes =
                wanted
                |> Result.map (fun after ->
                    VariableEdit.difference (Json.entriesOf before.current) (Json.entriesOf after))

            let changed =
                match changes with
                | Ok changes -> List.map fst changes.Set @ changes.Remove
                | Result.Error _ -> []

            acting {|
                title = $"Run again from {props.state}"
                action = "Run it again"
                consequence = [
                    $"Workflow {workflow.Id} goes to {props.state}. {Choices.arrival props.definition props.state}"
                    if changed.IsEmpty then
                        "Its variables stay as they are."
                    else
                        $"""Changed before that: {String.concat ", " changed}."""
                    "What its states call outside is called anew, with other step keys."
                    if Workflow.status workflow = Executing then
                        "The step that runs now is dropped."
                ]
                fields = [
                    Forms.areaField
                        {
                            Label = "Variables"
                            Name = "again-variables"
                            Value = text
                            Hint = "Change, add or remove some if it needs others."
                            Fault =
                                (match wanted with
                                 | Result.Error fault -> Some fault
                                 | Ok _ -> None)
                            Set = setText
                        }
                        8
                ]
                blocked = None
                act =
                    fun () ->
                        match changes with
                        | Ok changes -> RunCalls.runAgain workflow.Id props.state changes
                        | Result.Error fault -> rejected (ApiException(Problem.unreadable fault))
                close = props.close
            |}
    )

let private placing =
    React.functionComponent (
        "Placing",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let priority, setPriority = React.useState (string workflow.Priority)
            let group, setGroup = React.useState workflow.ExecutorGroup
            let executors = Queries.useExecutors ()

            let served =
                match executors.Data with
                | Some executors ->
                    executors
                    |> List.exists (fun executor -> executor.Alive && List.contains (group.Trim()) executor.Groups)
                | None -> true

            acting {|
                title = $"Priority and group of workflow {workflow.Id}"
                action = "Change"
                consequence = [
                    "Of workflows that are due, those with the lowest number are taken first, by executors of the group."
                    if not served then
                        $"No executor serves {group.Trim()} now: it does not run until one does."
                ]
                fields = [
                    Forms.choiceField
                        {
                            Label = "Priority"
                            Name = "priority"
                            Value = priority
                            Hint = ""
                            Fault = None
                            Set = setPriority
                        }
                        [
                            for number in 1..9 do
                                string number,
                                (match number with
                                 | 1 -> "1, first"
                                 | 5 -> "5, usual"
                                 | 9 -> "9, last"
                                 | _ -> string number)
                        ]
                    Forms.textField
                        {
                            Label = "Executor group"
                            Name = "group"
                            Value = group
                            Hint = ""
                            Fault = None
                            Set = setGroup
                        }
                        []
                ]
                blocked = (if group.Trim() = "" then Some "Enter a group." else None)
                act = fun () -> RunCalls.place workflow.Id (int priority) (group.Trim())
                close = props.close
            |}
    )

/// Waits for the job of one workflow, and fails with its reason when it could not.
let rec private finished (id: Id) : JS.Promise<unit> =
    promise {
        let! job = RunCalls.job id

        match job.Status with
        | "QUEUED"
        | "RUNNING" ->
            do! create (fun resolve -> JS.setTimeout resolve 300 |> ignore)
            return! finished id
        | _ when job.Failed > 0.0 || job.Done = 0.0 ->
            let! failures = RunCalls.jobFailures id

            let reason =
                failures.Failures
                |> List.tryHead
                |> Option.map _.Reason
                |> Option.orElse job.Error
                |> Option.defaultValue "The workflow was not moved."

            return!
                rejected (
                    ApiException {
                        Status = 409
                        Title = "It was not moved."
                        Detail = reason
                        Faults = []
                        RetryAfter = None
                    }
                )
        | _ -> return ()
    }

let private movingVersion =
    React.functionComponent (
        "MovingVersion",
        fun
            (props:
                {|
                    workflow: Workflow
                    close: unit -> unit
                |}) ->
            let workflow = props.workflow
            let versions = Queries.useVersions workflow.WorkflowType
            let chosen, choose = React.useState ""
            let state, setState = React.useState ""

            let others =
                versions.Data
                |> Option.defaultValue []
                |> List.filter (fun version -> version.Registered && version.Version <> workflow.Version)

            let target =
                if chosen <> "" then
                    chosen
                else
                    others
                    |> List.tryFind _.Current
                    |> Option.orElse (List.tryHead others)
                    |> Option.map _.Version
                    |> Option.defaultValue ""

            let definition =
                Queries.useDefinitionVersion workflow.WorkflowType (if target = "" then workflow.Version else target)

            let states =
                definition.Data
                |> Option.map (fun definition -> definition.States |> List.map _.Name)
                |> Option.defaultValue []

            let keeps = List.contains workflow.State states
            let leads = if keeps && state = "" then workflow.State else state

            acting {|
                title = $"Move workflow {workflow.Id} to another version"
                action = "Move it"
                consequence = [
                    if others.IsEmpty then
                        $"There is no other version of {workflow.WorkflowType} that this server can run."
                    else
                        $"It goes on in {leads} with version {target}. A job does it; it shows in Jobs."
                ]
                fields = [
                    if not others.IsEmpty then
                        Forms.choiceField
                            {
                                Label = "Version"
                                Name = "version"
                                Value = target
                                Hint = $"It is on {workflow.Version} now."
                                Fault = None
                                Set = choose
                            }
                            [
                                for version in others do
                                    version.Version,
                                    (if version.Current then
                                         $"{version.Version}, current"
                                     else
                                         version.Version)
                            ]

                        Forms.choiceField
                            {
                                Label = "State there"
                                Name = "version-state"
                                Value = leads
                                Hint =
                                    if keeps then
                                        ""
                                    else
                                        $"The version has no state {workflow.State}."
                                Fault = None
                                Set = setState
                            }
                            [
                                if not keeps then
                                    "", "choose one"
                                for name in states do
                                    name, name
                            ]
                ]
                blocked =
                    (if others.IsEmpty then
                         Some "Nothing to move to."
                     elif leads = "" then
                         Some "Choose the state in which it goes on."
                     else
                         None)
                act =
                    fun () ->
                        RunCalls.moveToVersion workflow target (if leads = workflow.State then None else Some leads)
                        |> bind (fun job -> finished job.Id)
                close = props.close
            |}
    )

let view
    (workflow: Workflow)
    (definition: Definition option)
    (dialog: Dialog option)
    (dispatch: Message -> unit)
    : ReactElement =
    let close () = dispatch Closed
    let id = workflow.Id

    match dialog with
    | None -> Html.none
    | Some Retrying ->
        simple
            $"Retry workflow {id}"
            "Retry now"
            [
                $"The next attempt of {workflow.State} is due at once, and runs as soon as an executor of its group is free."
                if Workflow.isOver workflow then
                    "It has all its retries again."
            ]
            (fun () -> RunCalls.retry id)
            close
    | Some Pausing ->
        simple
            $"Pause workflow {id}"
            "Pause it"
            [
                if Workflow.status workflow = Executing then
                    "The step that runs ends first; then it rests until it is resumed."
                else
                    "It rests until it is resumed."
                "Wakes and signals that come meanwhile are kept."
            ]
            (fun () -> RunCalls.pause id)
            close
    | Some Resuming ->
        simple
            $"Resume workflow {id}"
            "Resume it"
            [
                match workflow.HeldActivation with
                | Some at when Instant.milliseconds at > Instant.milliseconds (Instant.now ()) ->
                    $"It goes on where it was, and is due {Instant.exact at}, unless something wakes it before."
                | Some _ -> "It goes on where it was. What was due meanwhile runs as soon as an executor is free."
                | None -> "It goes on where it was, and waits for what it waited for."
            ]
            (fun () -> RunCalls.resume id)
            close
    | Some Deleting ->
        simple
            $"Delete workflow {id}"
            "Delete it for good"
            [
                "It is deleted with its variables and its history, for good. Its children stay."
            ]
            (fun () ->
                Calls.deleteWorkflow id
                |> map (fun () -> Router.go (Router.Workflows WorkflowFilter.empty)))
            close
    | Some Cancelling -> cancelling {| workflow = workflow; close = close |}
    | Some Placing -> placing {| workflow = workflow; close = close |}
    | Some MovingVersion -> movingVersion {| workflow = workflow; close = close |}
    | Some(Moving target) ->
        moving {|
            workflow = workflow
            definition = definition
            target = target
            close = close
        |}
    | Some(RunningAgain state) ->
        runningAgain {|
            workflow = workflow
            definition = definition
            state = state
            close = close
        |}
