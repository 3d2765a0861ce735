namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring
open GopherFlow.Definitions

/// <summary>What may be said of one state beside its name, function and targets.</summary>
type StateOption =
    internal
    | Timeout of TimeSpan
    | Retry of RetryPolicy

/// What may be said of one state beside its name, function and targets.
[<AutoOpen>]
module StateOptions =

    /// <summary>How long one attempt of the state may take; one that takes longer has failed. Default: as long as it likes.</summary>
    let timeout (limit: TimeSpan) : StateOption = Timeout limit

    /// <summary>A retry policy of the state's own. Default: the workflow's.</summary>
    let retrying (policy: RetryPolicy) : StateOption = Retry policy

/// <summary>A workflow while it is being described; the last state is the first of the list.</summary>
type WorkflowDraft = internal {
    Description: string
    Version: string option
    Policy: RetryPolicy option
    CancelState: string option
    KeepsValues: bool
    Secrets: string list
    Input: DataContract option
    Output: DataContract option
    KeepFinished: TimeSpan option
    KeepFailed: TimeSpan option
    KeepCancelled: TimeSpan option
    States: StateDefinition list
}

module internal WorkflowDraft =

    let empty = {
        Description = ""
        Version = None
        Policy = None
        CancelState = None
        KeepsValues = true
        Secrets = []
        Input = None
        Output = None
        KeepFinished = None
        KeepFailed = None
        KeepCancelled = None
        States = []
    }

    let private timeoutOf options =
        options
        |> List.tryPick (function
            | Timeout limit -> Some limit
            | Retry _ -> None)

    let private retryOf options =
        options
        |> List.tryPick (function
            | Retry policy -> Some policy
            | Timeout _ -> None)

    let private add state draft = {
        draft with
            States = state :: draft.States
    }

    /// Adds a Start or Normal state.
    let running kind name (goesTo: string list) (options: StateOption list) (body: StateFunction) draft =
        draft
        |> add (
            StateDefinition(
                name,
                kind,
                Array.ofList goesTo,
                body,
                Option.toObj (retryOf options),
                Option.toNullable (timeoutOf options)
            )
        )

    /// Adds a state that never runs.
    let resting kind name (goesTo: string list) draft =
        draft |> add (StateDefinition(name, kind, Array.ofList goesTo))

    let toDefinition name draft =
        WorkflowDefinition(
            name,
            draft.Description,
            draft.States |> List.rev |> Array.ofList,
            Option.toObj draft.Policy,
            Option.toObj draft.Version,
            Option.toObj draft.CancelState,
            Retention(
                Finished = Option.toNullable draft.KeepFinished,
                Failed = Option.toNullable draft.KeepFailed,
                Cancelled = Option.toNullable draft.KeepCancelled
            ),
            Tracing = VariableTracing(draft.KeepsValues, Array.ofList draft.Secrets),
            InputContract = Option.toObj draft.Input,
            OutputContract = Option.toObj draft.Output
        )
