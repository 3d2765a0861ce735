namespace GopherFlow.Server

open System.Text.Json
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.Authoring
open GopherFlow.Contract

/// Maps history records to the contract: one function for each kind of record.
module internal HistoryResponses =

    let private error (error: StepError) : AttemptError = {
        Type = error.Type
        Message = error.Message
        Stack = Option.ofObj error.Stack
    }

    /// The lines of an entry, last line first.
    let actions (action: ActionRecord) : Action list =
        let entry = action.Entry

        [
            for line in ActionLine.Of action |> Seq.rev do
                {
                    Id = action.Id
                    WorkflowId = action.WorkflowId
                    ExecutorId = Option.ofNullable action.ExecutorId
                    ExecutionCount = entry.ExecutionCount
                    RetryCount = entry.RetryCount
                    Type = line.Type
                    Name = line.Name
                    Text = line.Text
                    DateTime = action.DateTime
                    Kind = entry.Kind.ToName()
                    From = Option.ofObj entry.From
                    To = entry.To
                    Status = entry.Status.ToName()
                    Actor = Option.ofObj entry.Actor
                    Due = Option.ofNullable entry.Due
                    DurationSeconds = entry.Duration |> Option.ofNullable |> Option.map _.TotalSeconds
                    Cause = Option.ofObj entry.Cause
                    Error = entry.Error |> Option.ofObj |> Option.map error
                }
        ]

    let private variables (changes: string) : GopherFlow.Contract.VariableTrace =
        let trace = GopherFlow.Rules.VariableTrace.Parse changes

        {
            Whole = trace.IsWhole
            Set = RawJson(JsonSerializer.Serialize trace.Set)
            Removed = List.ofSeq trace.Removed
            Omitted = List.ofSeq trace.Omitted
        }

    let entry (action: ActionRecord) : GopherFlow.Contract.HistoryEntry =
        let entry = action.Entry

        {
            Id = action.Id
            At = action.DateTime
            Kind = entry.Kind.ToName()
            From = Option.ofObj entry.From
            To = entry.To
            Status = entry.Status.ToName()
            Step = entry.Step
            ExecutionCount = entry.ExecutionCount
            RetryCount = entry.RetryCount
            ExecutorId = Option.ofNullable action.ExecutorId
            Actor = Option.ofObj entry.Actor
            Due = Option.ofNullable entry.Due
            DurationSeconds = entry.Duration |> Option.ofNullable |> Option.map _.TotalSeconds
            Cause = Option.ofObj entry.Cause
            Text = Option.ofObj entry.Text
            Error = entry.Error |> Option.ofObj |> Option.map error
            Details = entry.Details |> Option.ofObj |> Option.map (_.ToJson() >> RawJson)
            Variables = entry.Changes |> Option.ofObj |> Option.map variables
            Lines = [
                for line in ActionLine.Of action ->
                    {
                        Type = line.Type
                        Name = line.Name
                        Text = line.Text
                    }
            ]
        }

    let path (picture: WorkflowPicture) : WorkflowPath = {
        State = picture.Workflow.State
        Status = picture.Workflow.Status.ToName()
        States = [
            for visits in picture.States ->
                {
                    State = visits.State
                    Visits = visits.Visits
                    Attempts = visits.Attempts
                    FailedAttempts = visits.FailedAttempts
                    Seconds = visits.Time.TotalSeconds
                    RanSeconds = visits.Ran.TotalSeconds
                    FirstEntry = visits.FirstEntry
                    LastEntered = Option.ofNullable visits.LastEntered
                }
        ]
        Transitions = [
            for uses in picture.Transitions ->
                {
                    From = uses.From
                    To = uses.To
                    ByHand = uses.ByHand
                    Count = uses.Count
                    LastEntry = uses.LastEntry
                    Last = uses.Last
                }
        ]
    }

    let variablesAt (variables: GopherFlow.Operations.VariablesAt) : GopherFlow.Contract.VariablesAt = {
        Values = RawJson(JsonSerializer.Serialize variables.Values)
        Unknown = List.ofSeq variables.Unknown
    }
