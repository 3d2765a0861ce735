namespace GopherFlow.Client.Diagram

open GopherFlow.Contract
open GopherFlow.Client.Time
open GopherFlow.Client.Api.Types
open GopherFlow.Client.Diagram.Graph

/// Why a run does not continue at once.
type Wait =
    | UntilTime of Instant
    | ForChildren of count: int
    | ForPerson
    | ForSignal of names: string list
    /// The number of the attempt, and the maximum when it is known.
    | ForAttempt of attempt: int * most: int option * due: Instant
    | ForResume
    | ForExecutor
    | ForDefinition
    /// With the key, if the limit counts per key.
    | ForLimit of key: string option

[<RequireQualifiedAccess>]
module Wait =
    let ofWorkflow (workflow: Workflow) : Wait option =
        match Workflow.waitsFor workflow with
        | Some Activation -> workflow.NextActivation |> Option.map UntilTime
        | Some Children -> Some(ForChildren workflow.OpenChildren)
        | Some Person -> Some ForPerson
        | Some Signal -> Some(ForSignal workflow.AwaitedSignals)
        | Some Retry ->
            workflow.NextActivation
            |> Option.map (fun due -> ForAttempt(workflow.RetryCount + 1, None, due))
        | Some Resume -> Some ForResume
        | Some WaitsFor.Executor -> Some ForExecutor
        | Some WaitsFor.Definition -> Some ForDefinition
        | Some WaitsFor.Limit -> Some(ForLimit workflow.LimitKey)
        | Some(WaitsFor.Other _)
        | None -> None

    /// The maximum is one attempt plus the retries of the state.
    let within (graph: Graph) (state: string) (wait: Wait) : Wait =
        match wait with
        | ForAttempt(attempt, _, due) ->
            let retry =
                graph.States
                |> List.tryFind (fun known -> known.Name = state)
                |> Option.bind _.Retry
                |> Option.defaultValue graph.Retry

            ForAttempt(attempt, Some(retry.MaxRetries + 1), due)
        | other -> other

    let private attemptText (attempt: int) (most: int option) =
        match most with
        | Some most -> $"attempt {attempt} of {most}"
        | None -> $"attempt {attempt}"

    let text (now: Instant) (wait: Wait) : string =
        match wait with
        | UntilTime at when Instant.milliseconds at <= Instant.milliseconds now -> "due now"
        | UntilTime at -> $"waits, runs {relative now at}"
        | ForChildren 1 -> "waits for 1 child"
        | ForChildren count -> $"waits for {count} children"
        | ForPerson -> "waits for a person"
        | ForSignal names -> $"""waits for {String.concat " or " names}"""
        | ForAttempt(attempt, most, at) when Instant.milliseconds at <= Instant.milliseconds now ->
            $"{attemptText attempt most} is due"
        | ForAttempt(attempt, most, at) -> $"{attemptText attempt most} {relative now at}"
        | ForResume -> "paused"
        | ForExecutor -> "waits for an executor"
        | ForDefinition -> "waits for its definition"
        | ForLimit None -> "waits for a limit"
        | ForLimit(Some key) -> $"waits for a limit ({key})"
