namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Scripting

/// <summary>An optional setting of a state: see <c>timeout</c>, <c>retrying</c>, <c>limitedTo</c> and <c>compensatedBy</c>.</summary>
type StateOption =
    internal
    | Timeout of TimeSpan
    | Retry of RetryPolicy
    | Limited of WorkflowLimit
    | CompensatedBy of state: string

/// The optional settings of a state.
[<AutoOpen>]
module StateOptions =

    /// <summary>
    /// The timeout of one attempt of the state. An attempt that takes longer fails. Default: <c>GFLOW_ENGINE_STATE_TIMEOUT</c>, 5 minutes.
    /// </summary>
    let timeout (limit: TimeSpan) : StateOption = Timeout limit

    /// <summary>The state's retry policy. Default: the policy of the workflow.</summary>
    let retrying (policy: RetryPolicy) : StateOption = Retry policy

    /// <summary>Limits how many workflows run the state at once, or begin it within a time span: <c>limitedTo (atOnce 5)</c>.</summary>
    let limitedTo (limit: WorkflowLimit) : StateOption = Limited limit

    /// <summary>
    /// The state that undoes this one when the workflow compensates. That state returns <c>undone</c>; no other state needs to lead to it.
    /// </summary>
    let compensatedBy (state: string) : StateOption = CompensatedBy state

/// <summary>The ends of a workflow for which a <c>webhook</c> is called: Finished, Failed, Cancelled or All.</summary>
type WorkflowEnds = GopherFlow.Authoring.WorkflowEnds

/// Concurrency and rate limits, counted over all executors, for <c>limit</c> and <c>limitedTo</c>.
[<AutoOpen>]
module WorkflowLimits =

    /// <summary>Limits how many run at once.</summary>
    let atOnce (count: int) : WorkflowLimit = WorkflowLimit.Concurrency count

    /// <summary>Limits how many steps begin per second.</summary>
    let perSecond (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Second)

    /// <summary>Limits how many steps begin per minute.</summary>
    let perMinute (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Minute)

    /// <summary>Limits how many steps begin per hour.</summary>
    let perHour (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Hour)

    /// <summary>Limits how many steps begin per day.</summary>
    let perDay (count: int) : WorkflowLimit = WorkflowLimit.Rate(count, Per.Day)

    /// <summary>Counts the limit separately for each limit key: <c>limit (atOnce 1 |> forEachKey)</c>.</summary>
    let forEachKey (limit: WorkflowLimit) : WorkflowLimit =
        WorkflowLimit(limit.Count, limit.Span, true)

/// The targets of a state: listed by the author, or read from the state function.
type internal Targets =
    | Listed of string list
    | ReadFrom of body: obj

/// A state of a workflow that is still being described.
type internal StateDraft = {
    Targets: Targets
    /// Creates the state from its targets and whether they are complete.
    Make: string list -> bool -> StateDefinition
}

/// <summary>A workflow that is still being described. Its states are in reverse order.</summary>
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

    /// Adds a manual state that waits for a signal and then runs with it.
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

    /// Adds a state without a function: a manual, error or end state.
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
