namespace GopherFlow.Server

open System
open System.Text
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage

/// Who is signed in.
type SessionAnswer = {
    Username: string
    Role: string
    Expires: DateTimeOffset option
}

/// A created workflow.
type CreatedAnswer = { Id: int64 }

/// A change that was made.
type DoneAnswer = { Ok: bool }

/// A workflow.
type WorkflowAnswer = {
    Id: int64
    Status: string
    ExecutionCount: int
    RetryCount: int
    Created: DateTimeOffset
    Modified: DateTimeOffset
    NextActivation: DateTimeOffset option
    Started: DateTimeOffset option
    Finished: DateTimeOffset option
    ExecutorId: int64 option
    ExecutorGroup: string
    WorkflowType: string
    Version: string
    ExternalId: string
    BusinessKey: string
    State: string
    StateVars: RawJson
    /// Whether a list has left the variables out because they are large; then they are an empty object here.
    StateVarsOmitted: bool
    ParentWorkflowId: int64 option
    Priority: int
    OpenChildren: int
    /// Whether it is to be paused when its step has ended.
    PauseRequested: bool
    /// When it will be due again if it is resumed.
    HeldActivation: DateTimeOffset option
    /// The signals that it waits for.
    AwaitedSignals: string seq
    /// The signals that were sent to it and that no step has taken.
    KeptSignals: string seq
    /// The state to go to at its next activation, unless what it waits for has come by then.
    DeadlineState: string option
    /// What its last failed attempt said.
    LastError: string option
    /// What the workflow gave as its result; None when it is unfinished or gave none.
    Output: RawJson option
    /// "children", "person", "signal", "retry", "resume", "activation", "executor", "definition" or nothing.
    WaitsFor: string option
}

/// A page of workflows, newest first.
type SearchAnswer = {
    Results: int
    Workflows: WorkflowAnswer list
    Offset: int
    /// Where the next page begins; None when there is none.
    NextBeforeId: int64 option
}

/// What went wrong in an attempt.
type ErrorAnswer = {
    Type: string
    Message: string
    Stack: string option
}

/// A line of a workflow's history: type, name and text are those of the Go system, the rest is the entry as data. An entry that says
/// several things has a line for each, all with its id.
type ActionAnswer = {
    Id: int64
    WorkflowId: int64
    ExecutorId: int64 option
    ExecutionCount: int
    RetryCount: int
    Type: string
    Name: string
    Text: string
    DateTime: DateTimeOffset
    Kind: string
    From: string option
    To: string
    Status: string
    Actor: string option
    Due: DateTimeOffset option
    DurationSeconds: float option
    Cause: string option
    Error: ErrorAnswer option
}

/// A version of a definition.
type DefinitionAnswer = {
    Name: string
    Version: string
    Description: string
    Created: DateTimeOffset
    Updated: DateTimeOffset
    FlowChart: string
    InitialState: string
    /// Whether this process can run it.
    Registered: bool
    Retry: RetryShape
    States: StateShape seq
}

/// A version of a definition among the others.
type DefinitionVersionAnswer = {
    Version: string
    Created: DateTimeOffset
    Updated: DateTimeOffset
    /// How many workflows on it have not ended.
    Unfinished: int64
    /// Whether this process can run it.
    Registered: bool
    /// Whether new workflows start on it.
    Current: bool
}

/// An executor.
type ExecutorAnswer = {
    Id: int64
    Name: string
    Started: DateTimeOffset
    LastActive: DateTimeOffset
    Groups: string seq
    Capacity: int
    Alive: bool
}

/// The first event of a stream.
type HelloEvent = { Version: string }

/// A definition of which other versions run than before; the version is null when no new workflow can start.
type DefinitionEvent = { Name: string; Version: string option }

/// A workflow that changed.
type WorkflowEvent = {
    Id: int64
    WorkflowType: string
    Version: string
    Status: string
    State: string
    PreviousState: string option
    ParentWorkflowId: int64 option
    Modified: DateTimeOffset
    NextActivation: DateTimeOffset option
}

/// What goes out: one function for each kind of record.
module Responses =

    let private waitsFor (canRun: DefinitionKey -> bool) (now: DateTimeOffset) (workflow: WorkflowRecord) =
        let isParked =
            workflow.Status = WorkflowStatus.InProgress
            || workflow.Status = WorkflowStatus.New

        let isDue = workflow.NextActivation.HasValue && workflow.NextActivation.Value <= now

        match Option.ofNullable workflow.NextActivation with
        | _ when workflow.Status = WorkflowStatus.Paused -> Some "resume"
        | _ when workflow.Status = WorkflowStatus.Waiting -> Some "person"
        | _ when not isParked || workflow.ExecutorId.HasValue -> None
        | _ when workflow.AwaitsChildren && not isDue -> Some "children"
        | _ when not (isNull workflow.AwaitedSignals) && workflow.RetryCount = 0 && not isDue -> Some "signal"
        | Some due when due > now && workflow.RetryCount > 0 -> Some "retry"
        | Some due when due > now -> Some "activation"
        | Some _ when canRun (DefinitionKey(workflow.WorkflowType, workflow.Version)) -> Some "executor"
        | Some _ -> Some "definition"
        | None -> None

    let private signals (names: SignalNames | null) : string seq =
        match names with
        | null -> Seq.empty
        | names -> names.All

    let workflow canRun now (workflow: WorkflowRecord) = {
        Id = workflow.Id
        Status = workflow.Status.ToName()
        ExecutionCount = workflow.ExecutionCount
        RetryCount = workflow.RetryCount
        Created = workflow.Created
        Modified = workflow.Modified
        NextActivation = Option.ofNullable workflow.NextActivation
        Started = Option.ofNullable workflow.Started
        Finished = Option.ofNullable workflow.Finished
        ExecutorId = Option.ofNullable workflow.ExecutorId
        ExecutorGroup = workflow.ExecutorGroup
        WorkflowType = workflow.WorkflowType
        Version = workflow.Version
        ExternalId = workflow.ExternalId
        BusinessKey = workflow.BusinessKey
        State = workflow.State
        StateVars = RawJson workflow.StateVars
        StateVarsOmitted = false
        ParentWorkflowId = Option.ofNullable workflow.ParentWorkflowId
        Priority = workflow.Priority
        OpenChildren = workflow.OpenChildren
        PauseRequested = workflow.PauseRequested
        HeldActivation = Option.ofNullable workflow.HeldActivation
        AwaitedSignals = signals workflow.AwaitedSignals
        KeptSignals = signals workflow.KeptSignals
        DeadlineState = Option.ofObj workflow.DeadlineState
        LastError = Option.ofObj workflow.LastError
        Output = workflow.Output |> Option.ofObj |> Option.map RawJson
        WaitsFor = waitsFor canRun now workflow
    }

    /// A list carries at most so many bytes of variables for one workflow.
    [<Literal>]
    let private VariablesInLists = 16384

    let private listed canRun now (found: WorkflowRecord) =
        let answer = workflow canRun now found

        if Encoding.UTF8.GetByteCount found.StateVars > VariablesInLists then
            {
                answer with
                    StateVars = RawJson "{}"
                    StateVarsOmitted = true
            }
        else
            answer

    let page canRun now (search: WorkflowSearch) (found: SearchResult) =
        let workflows = found.Workflows |> Seq.map (listed canRun now) |> List.ofSeq

        {
            Results = workflows.Length
            Workflows = workflows
            Offset = search.Offset
            NextBeforeId = Option.ofNullable found.NextBeforeId
        }

    /// The lines of an entry, the last of them first.
    let actions (action: ActionRecord) =
        let entry = action.Entry

        let error =
            entry.Error
            |> Option.ofObj
            |> Option.map (fun error -> {
                Type = error.Type
                Message = error.Message
                Stack = Option.ofObj error.Stack
            })

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
                    DurationSeconds =
                        entry.Duration
                        |> Option.ofNullable
                        |> Option.map (fun duration -> duration.TotalSeconds)
                    Cause = Option.ofObj entry.Cause
                    Error = error
                }
        ]

    let definition (canRun: DefinitionKey -> bool) (definition: DefinitionRecord) =
        let shape = DefinitionShape.Parse definition.Shape

        {
            Name = definition.Name
            Version = definition.Version
            Description = definition.Description
            Created = definition.Created
            Updated = definition.Updated
            FlowChart = definition.FlowChart
            InitialState = shape.InitialState
            Registered = canRun (DefinitionKey(definition.Name, definition.Version))
            Retry = shape.Retry
            States = shape.States
        }

    let executor now (executor: ExecutorRecord) = {
        Id = executor.Id
        Name = executor.Name
        Started = executor.Started
        LastActive = executor.LastActive
        Groups = executor.ExecutorGroups
        Capacity = executor.Capacity
        Alive = executor.IsAliveAt now
    }

    let change (change: WorkflowChange) : WorkflowEvent = {
        Id = change.Id
        WorkflowType = change.WorkflowType
        Version = change.Version
        Status = change.Status.ToName()
        State = change.State
        PreviousState = Option.ofObj change.PreviousState
        ParentWorkflowId = Option.ofNullable change.ParentWorkflowId
        Modified = change.Modified
        NextActivation = Option.ofNullable change.NextActivation
    }
