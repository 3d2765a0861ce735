/// How each type of the server is read from JSON.
module GopherFlow.Client.Api.Decoders

open GopherFlow.Client.Api.Json
open GopherFlow.Client.Api.Types

let retry: Decoder<Retry> =
    fields (fun get -> {
        Kind = get.Get("kind", oneOf [ "linear", Linear; "exponential", Exponential ])
        MaxRetries = get.Get("maxRetries", int)
        MinSeconds = get.Get("minSeconds", number)
        MaxSeconds = get.Get("maxSeconds", number)
    })

let state: Decoder<State> =
    fields (fun get -> {
        Name = get.Get("name", string)
        Type = get.Get("type", oneOf StateType.all)
        GoesTo = get.Get("goesTo", list string)
        Retry = get.TryGet("retry", retry)
        TimeoutSeconds = get.TryGet("timeoutSeconds", number)
    })

let definition: Decoder<Definition> =
    fields (fun get -> {
        Name = get.Get("name", string)
        Version = get.Get("version", string)
        Description = get.Get("description", string)
        Created = get.Get("created", time)
        Updated = get.Get("updated", time)
        FlowChart = get.Get("flowChart", string)
        InitialState = get.Get("initialState", string)
        Registered = get.Get("registered", bool)
        Retry = get.Get("retry", retry)
        States = get.Get("states", list state)
    })

let private waitsFor: Decoder<WaitsFor> =
    oneOf [
        "activation", Activation
        "children", Children
        "person", Person
        "signal", Signal
        "retry", NextAttempt
        "resume", Resume
        "executor", Executor
        "definition", WaitsFor.Definition
    ]

let workflow: Decoder<Workflow> =
    fields (fun get -> {
        Id = get.Get("id", number)
        Status = get.Get("status", oneOf Status.all)
        ExecutionCount = get.Get("executionCount", int)
        RetryCount = get.Get("retryCount", int)
        Created = get.Get("created", time)
        Modified = get.Get("modified", time)
        NextActivation = get.TryGet("nextActivation", time)
        Started = get.TryGet("started", time)
        Finished = get.TryGet("finished", time)
        ExecutorId = get.TryGet("executorId", number)
        ExecutorGroup = get.Get("executorGroup", string)
        WorkflowType = get.Get("workflowType", string)
        Version = get.Get("version", string)
        ExternalId = get.Get("externalId", string)
        BusinessKey = get.TryGet("businessKey", string) |> Option.defaultValue ""
        State = get.Get("state", string)
        StateVars = get.Get("stateVars", members)
        ParentWorkflowId = get.TryGet("parentWorkflowId", number)
        Priority = get.Get("priority", int)
        OpenChildren = get.Get("openChildren", int)
        AwaitedSignals = get.Get("awaitedSignals", list string)
        LastError = get.TryGet("lastError", string)
        WaitsFor = get.TryGet("waitsFor", waitsFor)
    })

let workflowPage: Decoder<WorkflowPage> =
    fields (fun get -> {
        Workflows = get.Get("workflows", list workflow)
        Next = get.TryGet("next", string)
    })

let action: Decoder<Action> =
    fields (fun get -> {
        Id = get.Get("id", number)
        ExecutorId = get.TryGet("executorId", number)
        ExecutionCount = get.Get("executionCount", int)
        RetryCount = get.Get("retryCount", int)
        Type = get.Get("type", string)
        Name = get.Get("name", string)
        Text = get.TryGet("text", string) |> Option.defaultValue ""
        DateTime = get.Get("dateTime", time)
        Kind = get.Get("kind", string)
        From = get.TryGet("from", string)
        To = get.Get("to", string)
        Status = get.Get("status", string)
        Actor = get.TryGet("actor", string)
    })

let executor: Decoder<Executor> =
    fields (fun get -> {
        Id = get.Get("id", number)
        Name = get.Get("name", string)
        Started = get.Get("started", time)
        LastActive = get.Get("lastActive", time)
        Groups = get.Get("groups", list string)
        Capacity = get.Get("capacity", int)
        Alive = get.Get("alive", bool)
    })

let session: Decoder<Session> =
    fields (fun get -> {
        Username = get.Get("username", string)
        Role = get.Get("role", string).ToLower()
    })

let workflowChange: Decoder<WorkflowChange> =
    fields (fun get -> {
        Id = get.Get("id", number)
        ParentWorkflowId = get.TryGet("parentWorkflowId", number)
        WorkflowType = get.Get("workflowType", string)
        Version = get.Get("version", string)
        Status = get.Get("status", oneOf Status.all)
        State = get.Get("state", string)
        PreviousState = get.TryGet("previousState", string)
        Revision = get.Get("revision", number)
        ExecutionCount = get.Get("executionCount", int)
        RetryCount = get.Get("retryCount", int)
        OpenChildren = get.Get("openChildren", int)
        ExecutorId = get.TryGet("executorId", number)
        Modified = get.Get("modified", time)
        NextActivation = get.TryGet("nextActivation", time)
    })

let definitionName: Decoder<string> = fields (fun get -> get.Get("name", string))
let createdId: Decoder<Id> = fields (fun get -> get.Get("id", number))
