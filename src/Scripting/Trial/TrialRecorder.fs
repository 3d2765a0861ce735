namespace GopherFlow.Scripting

open System
open System.Collections.Concurrent
open System.Collections.Generic
open GopherFlow.Authoring
open GopherFlow.Operations
open GopherFlow.Rules
open Microsoft.Extensions.Logging

/// Records the steps of a trial, and the log lines and failures of each step until it is committed.
type internal TrialRecorder() =
    let steps = ConcurrentQueue<TrialStep>()
    let failures = ConcurrentDictionary<int64, exn>()
    let lines = ConcurrentDictionary<int64, string list>()
    let running = ConcurrentDictionary<int64, string>()

    let taken (from: ConcurrentDictionary<int64, 'value>) (workflow: int64) =
        match from.TryRemove workflow with
        | true, value -> Some value
        | _ -> None

    member _.Steps: TrialStep list = List.ofSeq steps

    member _.Count = steps.Count

    /// The states whose functions run now.
    member _.Running: string list = running.Values |> Seq.sort |> List.ofSeq

    member _.Started(step: StepContext) = running[step.WorkflowId] <- step.State

    member _.Returned(step: StepContext) =
        running.TryRemove step.WorkflowId |> ignore

    member _.Threw(step: StepContext, failure: exn) = failures[step.WorkflowId] <- failure

    member _.Logged(workflow: int64, line: string) =
        lines.AddOrUpdate(workflow, [ line ], (fun _ earlier -> earlier @ [ line ]))
        |> ignore

    member _.Committed(placeOf: exn -> (string * int) option, commit: TrialCommit) =
        let workflow = commit.Before.Id
        let failure = taken failures workflow
        let log = taken lines workflow |> Option.defaultValue []

        let errors =
            commit.History |> List.filter (fun entry -> entry.Type = ActionTypes.Error)

        let waitsUntil = Option.ofNullable commit.After.NextActivation

        let error =
            match errors, failure with
            | [], _ -> None
            | entry :: _, Some failure ->
                Some {
                    Text = entry.Text
                    Place = placeOf failure
                    Detail = string failure
                }
            | entry :: _, None ->
                Some {
                    Text = entry.Text
                    Place = None
                    Detail = entry.Text
                }

        steps.Enqueue {
            WorkflowId = workflow
            WorkflowType = commit.Before.WorkflowType
            State = commit.Before.State
            Attempt = commit.Before.RetryCount + 1
            At = commit.Now
            Next = commit.After.State
            Status = commit.After.Status.ToName()
            Variables = commit.After.StateVars
            Outcome = commit.History |> List.map (fun entry -> $"{entry.Type}: {entry.Text}")
            Log = log
            Children =
                match commit.Ended with
                | :? StepSucceeded as step -> step.Children |> Seq.map _.WorkflowType |> List.ofSeq
                | _ -> []
            WaitsUntil = waitsUntil
            Skipped = waitsUntil |> Option.map (fun until -> until - commit.Now)
            Error = error
        }

/// Passes the log output of state functions to the recorder and discards that of the engine.
type internal TrialLoggers(recorder: TrialRecorder) =

    let idIn (scope: objnull) =
        match scope with
        | :? IReadOnlyDictionary<string, obj> as names ->
            match names.TryGetValue "WorkflowId" with
            | true, (:? int64 as id) -> Some id
            | _ -> None
        | _ -> None

    let nothing = {
        new IDisposable with
            member _.Dispose() = ()
    }

    let current = Threading.AsyncLocal<int64>()

    let logger = {
        new ILogger with
            member _.BeginScope(state) =
                idIn (box state) |> Option.iter (fun id -> current.Value <- id)
                nothing

            member _.IsEnabled _ = true

            member _.Log(level, _, state, failure, formatter) =
                let text = formatter.Invoke(state, failure)
                recorder.Logged(current.Value, $"{level}: {text}")
    }

    let silent = Abstractions.NullLogger.Instance

    interface ILoggerFactory with
        member _.CreateLogger category =
            if category.StartsWith("GopherFlow.Workflow.", StringComparison.Ordinal) then
                logger
            else
                silent

        member _.AddProvider _ = ()
        member _.Dispose() = ()
