namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Scripting

/// <summary>What may be said of one state beside its name, function and targets.</summary>
type StateOption =
    internal
    | Timeout of TimeSpan
    | Retry of RetryPolicy
    | Limited of WorkflowLimit
    | CompensatedBy of state: string

/// What may be said of one state beside its name, function and targets.
[<AutoOpen>]
module StateOptions =

    /// <summary>How long one attempt of the state may take; one that takes longer has failed. Default: <c>GFLOW_ENGINE_STATE_TIMEOUT</c>, 5 minutes.</summary>
    let timeout (limit: TimeSpan) : StateOption = Timeout limit

    /// <summary>A retry policy of the state's own. Default: the workflow's.</summary>
    let retrying (policy: RetryPolicy) : StateOption = Retry policy

    /// <summary>Limits how many run the state at once, or begin it within a span: <c>limitedTo (atOnce 5)</c>.</summary>
    let limitedTo (limit: WorkflowLimit) : StateOption = Limited limit

    /// <summary>The state that undoes this one when the workflow compensates; it returns <c>undone</c>, and nothing has to lead to it.</summary>
    let compensatedBy (state: string) : StateOption = CompensatedBy state

/// <summary>How a workflow can end: Finished, Failed, Cancelled, or All of them; for <c>webhook</c>.</summary>
type WorkflowEnds = GopherFlow.Authoring.WorkflowEnds

/// How many may run at once, or begin within a span, counted over all executors; for <c>limit</c> and <c>limitedTo</c>.
[<AutoOpen>]
module WorkflowLimits =

    /// <summary>Limits how many run at once.</summary>
    let atOnce (count: int) : WorkflowLimit = WorkflowLimit.Concurrency count

    /// <summary>Limits how many begin in a second.</summary>
    let perSecond (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Second)

    /// <summary>Limits how many begin in a minute.</summary>
    let perMinute (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Minute)

    /// <summary>Limits how many begin in an hour.</summary>
    let perHour (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Hour)

    /// <summary>Limits how many begin in a day.</summary>
    let perDay (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Day)

    /// <summary>The limit counts for each limit key separately: <c>limit (atOnce 1 |> forEachKey)</c>.</summary>
    let forEachKey (limit: WorkflowLimit) : WorkflowLimit =
        WorkflowLimit(limit.Count, limit.Span, true)

/// Where a state goes: as its author has listed it, or as its function says.
type internal Targets =
    | Listed of string list
    | ReadFrom of body: obj

/// A state while its workflow is being described.
type internal StateDraft = {
    Targets: Targets
    /// Makes the state with these targets; whether they are all is the second.
    Make: string list -> bool -> StateDefinition
}

/// <summary>A workflow while it is being described; the last state is the first of the list.</summary>
type WorkflowDraft = internal {
    Description: string
    Version: string option
    Policy: RetryPolicy option
    CancelState: string option
    FailureState: string option
    KeepsValues: bool
    Secrets: string list
    Input: DataContract option
    Output: DataContract option
    KeepFinished: TimeSpan option
    KeepFailed: TimeSpan option
    KeepCancelled: TimeSpan option
    Limits: WorkflowLimit list
    Webhooks: Webhook list
    States: StateDraft list
}

module internal WorkflowDraft =

    let empty = {
        Description = ""
        Version = None
        Policy = None
        CancelState = None
        FailureState = None
        KeepsValues = true
        Secrets = []
        Input = None
        Output = None
        KeepFinished = None
        KeepFailed = None
        KeepCancelled = None
        Limits = []
        Webhooks = []
        States = []
    }

    let private timeoutOf options =
        options
        |> List.tryPick (function
            | Timeout limit -> Some limit
            | _ -> None)

    let private retryOf options =
        options
        |> List.tryPick (function
            | Retry policy -> Some policy
            | _ -> None)

    let private limitsOf options =
        options
        |> List.choose (function
            | Limited limit -> Some limit
            | _ -> None)
        |> Array.ofList

    let private compensationOf options =
        options
        |> List.tryPick (function
            | CompensatedBy state -> Some state
            | _ -> None)

    let private add targets make draft = {
        draft with
            States = { Targets = targets; Make = make } :: draft.States
    }

    /// Adds a Start or Normal state.
    let running kind name targets (options: StateOption seq) (body: StateFunction) draft =
        let options = List.ofSeq options

        draft
        |> add targets (fun goesTo areAll ->
            StateDefinition(
                name,
                kind,
                Array.ofList goesTo,
                body,
                Option.toObj (retryOf options),
                Option.toNullable (timeoutOf options),
                Limits = limitsOf options,
                CompensatedBy = Option.toObj (compensationOf options),
                HasUnreadTargets = not areAll
            ))

    /// Adds a state that runs with a signal, for which it waits.
    let deciding name (signal: SignalContract) targets (body: StateFunction) draft =
        draft
        |> add targets (fun goesTo areAll ->
            StateDefinition(
                name,
                StateType.Normal,
                Array.ofList goesTo,
                body,
                Signal = signal,
                HasUnreadTargets = not areAll
            ))

    /// Adds a state that never runs.
    let resting kind name (goesTo: string list) draft =
        draft
        |> add (Listed goesTo) (fun goesTo _ -> StateDefinition(name, kind, Array.ofList goesTo))

    let private statesOf draft =
        draft.States
        |> List.rev
        |> List.map (fun state ->
            match state.Targets with
            | Listed goesTo -> state.Make goesTo true
            | ReadFrom body ->
                match TargetReader.read body with
                | Some goesTo -> state.Make goesTo true
                | None -> state.Make [] false)
        |> Array.ofList

    let toDefinition name draft =
        WorkflowDefinition(
            name,
            draft.Description,
            statesOf draft,
            Option.toObj draft.Policy,
            Option.toObj draft.Version,
            Option.toObj draft.CancelState,
            Retention(
                Finished = Option.toNullable draft.KeepFinished,
                Failed = Option.toNullable draft.KeepFailed,
                Cancelled = Option.toNullable draft.KeepCancelled
            ),
            Option.toObj draft.FailureState,
            Limits = Array.ofList draft.Limits,
            Webhooks = Array.ofList draft.Webhooks,
            Tracing = VariableTracing(draft.KeepsValues, Array.ofList draft.Secrets),
            InputContract = Option.toObj draft.Input,
            OutputContract = Option.toObj draft.Output
        )
