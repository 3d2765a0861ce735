namespace GopherFlow.Server

open System
open System.Text
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.Contract

/// Maps the records of workflows, definitions and executors to the contract: one function for each kind of record.
module internal Responses =

    /// What a workflow waits for. A due workflow waits for its definition, not for an executor, if this process cannot run the definition.
    let private waitsFor (canRun: DefinitionKey -> bool) (now: DateTimeOffset) (workflow: WorkflowRecord) =
        match Option.ofNullable (WaitReasons.Of(workflow, now)) with
        | Some WaitReason.Executor when canRun (DefinitionKey(workflow.WorkflowType, workflow.Version)) ->
            Some "executor"
        | Some WaitReason.Executor -> Some "definition"
        | Some reason -> Some((string reason).ToLowerInvariant())
        | None -> None

    let private signals (names: SignalNames | null) =
        match names with
        | null -> []
        | names -> List.ofSeq names.All

    let workflow canRun now (workflow: WorkflowRecord) : Workflow = {
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
        AwaitedSignals =
            if workflow.Status.IsFinal() then
                []
            else
                signals workflow.AwaitedSignals
        KeptSignals = signals workflow.KeptSignals
        DeadlineState = Option.ofObj workflow.DeadlineState
        LastError = Option.ofObj workflow.LastError
        Output = workflow.Output |> Option.ofObj |> Option.map RawJson
        OutputOmitted = false
        WaitsFor = waitsFor canRun now workflow
        LimitKey =
            match workflow.LimitKey with
            | "" -> None
            | key -> Some key
    }

    /// The maximum number of bytes of variables, a result or a payload that lists include.
    [<Literal>]
    let MostInLists = 16384

    /// Whether lists omit a value. An empty text means that the search has already omitted it.
    let isLarge (json: string) =
        json.Length = 0 || Encoding.UTF8.GetByteCount json > MostInLists

    let private withoutLargeVariables (found: WorkflowRecord) (answer: Workflow) : Workflow =
        if isLarge found.StateVars then
            {
                answer with
                    StateVars = RawJson "{}"
                    StateVarsOmitted = true
            }
        else
            answer

    let private withoutLargeOutput (found: WorkflowRecord) (answer: Workflow) : Workflow =
        match found.Output with
        | NonNull output when isLarge output -> {
            answer with
                Output = None
                OutputOmitted = true
          }
        | _ -> answer

    let private listed canRun now (found: WorkflowRecord) =
        workflow canRun now found
        |> withoutLargeVariables found
        |> withoutLargeOutput found

    /// A page of workflows, without large variables and results.
    let list canRun now (found: WorkflowRecord seq) =
        found |> Seq.map (listed canRun now) |> List.ofSeq

    let page canRun now (offset: int) (total: int64 option) (found: SearchResult) : WorkflowPage =
        let workflows = list canRun now found.Workflows

        {
            Results = workflows.Length
            Workflows = workflows
            Offset = offset
            Next = Option.ofNullable found.NextBeforeId |> Option.map string
            Partial = found.IsPartial
            Total = total
        }

    let count (count: GopherFlow.Storage.WorkflowCount) : WorkflowCount = {
        WorkflowType = count.WorkflowType
        Version = count.Version
        State = count.State
        Status = count.Status.ToName()
        Count = count.Count
    }

    let signal (signal: SignalRecord) : Signal = {
        Id = signal.Id
        Name = signal.Name
        Key = Option.ofObj signal.Key
        Payload = RawJson signal.Payload
        PayloadOmitted = false
        Sent = signal.Sent
    }

    /// A page of signals, without large payloads.
    let signalPage (limit: int) (found: SignalRecord seq) : SignalPage =
        let signals = [
            for each in found ->
                if isLarge each.Payload then
                    {
                        signal each with
                            Payload = RawJson "null"
                            PayloadOmitted = true
                    }
                else
                    signal each
        ]

        {
            Signals = signals
            Next = Page.next limit signals _.Id
        }

    let private retry (shape: RetryShape) : Retry = {
        Kind = shape.Kind
        MaxRetries = shape.MaxRetries
        MinSeconds = shape.MinSeconds
        MaxSeconds = shape.MaxSeconds
    }

    let private limits (shapes: System.Collections.Generic.IReadOnlyList<LimitShape> | null) : Limit list =
        match shapes with
        | null -> []
        | shapes -> [
            for shape in shapes ->
                {
                    Count = shape.Count
                    SpanSeconds = Option.ofNullable shape.SpanSeconds
                    PerKey = shape.PerKey
                }
          ]

    let private state (shape: StateShape) : State = {
        Name = shape.Name
        // A state that waits for a decision is sent as one that waits for a person.
        Type = if isNull shape.Signal then shape.Type else "Manual"
        GoesTo = List.ofSeq shape.GoesTo
        CompensatedBy = Option.ofObj shape.CompensatedBy
        Retry = shape.Retry |> Option.ofObj |> Option.map retry
        TimeoutSeconds = Option.ofNullable shape.TimeoutSeconds
        Limits = limits shape.Limits
    }

    let definition (canRun: DefinitionKey -> bool) (definition: DefinitionRecord) : Definition =
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
            Retry = retry shape.Retry
            States = shape.States |> Seq.map state |> List.ofSeq
            Limits = limits shape.Limits
        }

    let executor (now: DateTimeOffset) (executor: ExecutorRecord) : Executor = {
        Id = executor.Id
        Name = executor.Name
        Version = executor.Version
        Started = executor.Started
        LastActive = executor.LastActive
        Ended = Option.ofNullable executor.Ended
        Groups = List.ofSeq executor.ExecutorGroups
        Capacity = executor.Capacity
        Alive = executor.IsAliveAt now
        LeaseSeconds = (executor.LeaseUntil - now).TotalSeconds
    }

    let change (change: WorkflowChange) : WorkflowEvent = {
        Id = change.Id
        WorkflowType = change.WorkflowType
        Version = change.Version
        Status = change.Status.ToName()
        State = change.State
        PreviousState = Option.ofObj change.PreviousState
        ParentWorkflowId = Option.ofNullable change.ParentWorkflowId
        Revision = change.Revision
        ExecutionCount = change.ExecutionCount
        RetryCount = change.RetryCount
        OpenChildren = change.OpenChildren
        ExecutorId = Option.ofNullable change.ExecutorId
        Modified = change.Modified
        NextActivation = Option.ofNullable change.NextActivation
    }
