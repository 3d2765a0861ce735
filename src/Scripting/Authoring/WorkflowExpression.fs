namespace GopherFlow.FSharp

open System
open System.Collections.Concurrent
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions

/// <summary>
/// The computation expression <c>workflow "Name" { ... }</c>. It returns a workflow definition that has not been validated yet. The
/// console shows the states in their order in the expression. A state function takes a
/// <see cref="T:GopherFlow.FSharp.Step"/> and returns a NextState, a Task&lt;NextState&gt; or an Async&lt;NextState&gt;.
/// </summary>
[<Sealed>]
type WorkflowExpression internal (name: string) =
    /// Serializer options cache the types of the script, so they must not outlive it. Here they live as long as the workflow.
    let serializations =
        ConcurrentDictionary<JsonSerializerOptions, JsonSerializerOptions>()

    let stepOf (context: StepContext) =
        Step(context, serializations.GetOrAdd(context.Variables.Serialization, ScriptJson.newSerialization))

    let ofTask (body: Step -> Task<NextState>) =
        StateFunction(fun context -> ValueTask<NextState>(body (stepOf context)))

    let ofAsync (body: Step -> Async<NextState>) =
        StateFunction(fun context ->
            let running = body (stepOf context)
            ValueTask<NextState>(Async.StartImmediateAsTask(running, context.Cancellation)))

    let ofPlain (body: Step -> NextState) =
        StateFunction(fun context -> ValueTask<NextState>(body (stepOf context)))

    let signalOf (step: Step) : 'signal = (Option.get step.Signal).Get<'signal>()

    let contractOf (fits: System.Type) =
        DataContract(fits, ScriptJson.forType Variables.DefaultSerialization fits)

    let signalContract (fits: System.Type) =
        SignalContract(SignalName.Of fits, contractOf fits)

    member _.Yield(_: unit) : WorkflowDraft = WorkflowDraft.empty

    member _.Zero() : WorkflowDraft = WorkflowDraft.empty

    member _.Run(draft: WorkflowDraft) : WorkflowDefinition = WorkflowDraft.toDefinition name draft

    /// <summary>A one-sentence description, shown in the console.</summary>
    [<CustomOperation "description">]
    member _.Description(draft: WorkflowDraft, text: string) : WorkflowDraft = { draft with Description = text }

    /// <summary>
    /// Sets the version by hand. Default: a hash of the definition's shape (states, transitions, signals, compensations, the states for a
    /// cancel and a failure). Not allowed in a script, whose version is derived from its text.
    /// </summary>
    [<CustomOperation "version">]
    member _.Version(draft: WorkflowDraft, text: string) : WorkflowDraft = { draft with Version = Some text }

    /// <summary>
    /// The retry policy of states that do not set their own. Default: linear, 10 retries, delays from 10 seconds to 60 minutes.
    /// </summary>
    [<CustomOperation "retry">]
    member _.Retry(draft: WorkflowDraft, policy: RetryPolicy) : WorkflowDraft = { draft with Policy = Some policy }

    /// <summary>The state that a cancelled workflow goes to for clean-up. Default: none, it ends as CANCELLED at once.</summary>
    [<CustomOperation "onCancel">]
    member _.OnCancel(draft: WorkflowDraft, state: string) : WorkflowDraft = { draft with CancelState = Some state }

    /// <summary>The state that the workflow goes to when a state fails permanently. Default: none, it becomes FAILED.</summary>
    [<CustomOperation "onFailure">]
    member _.OnFailure(draft: WorkflowDraft, state: string) : WorkflowDraft = { draft with FailureState = Some state }

    /// <summary>The type that the variables of a new workflow must match: <c>input typeof&lt;Order&gt;</c>. Default: any.</summary>
    [<CustomOperation "input">]
    member _.Input(draft: WorkflowDraft, fits: System.Type) : WorkflowDraft = {
        draft with
            Input = Some(contractOf fits)
    }

    /// <summary>The type that the workflow's result (<c>returning</c>) must match. Default: any.</summary>
    [<CustomOperation "output">]
    member _.Output(draft: WorkflowDraft, fits: System.Type) : WorkflowDraft = {
        draft with
            Output = Some(contractOf fits)
    }

    /// <summary>Names variables whose values are never written to the history.</summary>
    [<CustomOperation "secret">]
    member _.Secret(draft: WorkflowDraft, variables: string list) : WorkflowDraft = {
        draft with
            Secrets = draft.Secrets @ variables
    }

    /// <summary>Writes only the names of changed variables to the history, no values.</summary>
    [<CustomOperation "withoutVariableHistory">]
    member _.WithoutVariableHistory(draft: WorkflowDraft) : WorkflowDraft = { draft with KeepsValues = false }

    /// <summary>How long FINISHED workflows are kept. Default: the engine's retention setting.</summary>
    [<CustomOperation "keepFinished">]
    member _.KeepFinished(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = {
        draft with
            KeepFinished = Some span
    }

    /// <summary>How long FAILED and ERROR workflows are kept. Default: the engine's retention setting.</summary>
    [<CustomOperation "keepFailed">]
    member _.KeepFailed(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = { draft with KeepFailed = Some span }

    /// <summary>How long CANCELLED workflows are kept. Default: the engine's retention setting.</summary>
    [<CustomOperation "keepCancelled">]
    member _.KeepCancelled(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = {
        draft with
            KeepCancelled = Some span
    }

    /// <summary>
    /// Limits how many workflows of this type run at once, or how many of their steps begin within a time span, counted over all
    /// executors: <c>limit (atOnce 5)</c>, <c>limit (perMinute 100)</c>. Several limits all apply. Default: unlimited.
    /// </summary>
    [<CustomOperation "limit">]
    member _.Limit(draft: WorkflowDraft, limit: WorkflowLimit) : WorkflowDraft = {
        draft with
            Limits = draft.Limits @ [ limit ]
    }

    /// <summary>
    /// Calls a receiver over HTTP when a workflow ends, in any way. The receiver's URL and shared secret are settings
    /// (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
    /// </summary>
    [<CustomOperation "webhook">]
    member _.Webhook(draft: WorkflowDraft, receiver: string) : WorkflowDraft = {
        draft with
            Webhooks = draft.Webhooks @ [ Webhook receiver ]
    }

    /// <summary>
    /// Calls a receiver only for some ends: <c>webhook "shop" WorkflowEnds.Failed</c>. Combine several with <c>|||</c>.
    /// </summary>
    [<CustomOperation "webhook">]
    member _.Webhook(draft: WorkflowDraft, receiver: string, ends: WorkflowEnds) : WorkflowDraft = {
        draft with
            Webhooks = draft.Webhooks @ [ Webhook(receiver, On = ends) ]
    }

    /// <summary>The start state, with its targets listed.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> Task<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofTask body) draft

    /// <summary>The start state, with its targets listed.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> Async<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofAsync body) draft

    /// <summary>The start state, with its targets listed.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofPlain body) draft

    /// <summary>The start state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            goesTo: string list,
            options: StateOption list
        ) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) options (ofTask body) draft

    /// <summary>The start state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            goesTo: string list,
            options: StateOption list
        ) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) options (ofAsync body) draft

    /// <summary>The start state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "start">]
    member _.Start
        (draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list, options: StateOption list)
        =
        WorkflowDraft.running StateType.Start state (Listed goesTo) options (ofPlain body) draft

    /// <summary>The start state. Its targets are read from its function.</summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofTask body) draft

    /// <summary>The start state. Its targets are read from its function.</summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofAsync body) draft

    /// <summary>The start state. Its targets are read from its function.</summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> NextState,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofPlain body) draft

    /// <summary>A normal state, with its targets listed.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> Task<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofTask body) draft

    /// <summary>A normal state, with its targets listed.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> Async<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofAsync body) draft

    /// <summary>A normal state, with its targets listed.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofPlain body) draft

    /// <summary>A normal state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            goesTo: string list,
            options: StateOption list
        ) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) options (ofTask body) draft

    /// <summary>A normal state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            goesTo: string list,
            options: StateOption list
        ) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) options (ofAsync body) draft

    /// <summary>A normal state, with its targets listed and options such as a timeout, a retry policy or limits.</summary>
    [<CustomOperation "state">]
    member _.State
        (draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list, options: StateOption list)
        =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) options (ofPlain body) draft

    /// <summary>A normal state. Its targets are read from its function.</summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofTask body) draft

    /// <summary>A normal state. Its targets are read from its function.</summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofAsync body) draft

    /// <summary>A normal state. Its targets are read from its function.</summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> NextState,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofPlain body) draft

    /// <summary>A state that waits for a person to move the workflow, to any state.</summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string) =
        WorkflowDraft.resting StateType.Manual state [] draft

    /// <summary>A state that waits for a person to move the workflow to one of the listed states.</summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, goesTo: string list) =
        WorkflowDraft.resting StateType.Manual state goesTo draft

    /// <summary>
    /// A state that waits for a decision, with its targets listed. The decision is a signal named after the type of the function's second
    /// parameter; the function runs with the signal's payload.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual
        (draft: WorkflowDraft, state: string, body: Step -> 'signal -> Task<NextState>, goesTo: string list)
        =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofTask run) draft

    /// <summary>
    /// A state that waits for a decision, with its targets listed. The decision is a signal named after the type of the function's second
    /// parameter; the function runs with the signal's payload.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual
        (draft: WorkflowDraft, state: string, body: Step -> 'signal -> Async<NextState>, goesTo: string list)
        =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofAsync run) draft

    /// <summary>
    /// A state that waits for a decision, with its targets listed. The decision is a signal named after the type of the function's second
    /// parameter; the function runs with the signal's payload.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> NextState, goesTo: string list) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofPlain run) draft

    /// <summary>
    /// A state that waits for a decision. The decision is a signal named after the type of the function's second parameter; the function
    /// runs with the signal's payload. Its targets are read from the function.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> Task<NextState>) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (ReadFrom(body :> obj)) (ofTask run) draft

    /// <summary>
    /// A state that waits for a decision. The decision is a signal named after the type of the function's second parameter; the function
    /// runs with the signal's payload. Its targets are read from the function.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> Async<NextState>) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (ReadFrom(body :> obj)) (ofAsync run) draft

    /// <summary>
    /// A state that waits for a decision. The decision is a signal named after the type of the function's second parameter; the function
    /// runs with the signal's payload. Its targets are read from the function.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> NextState) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (ReadFrom(body :> obj)) (ofPlain run) draft

    /// <summary>A final state that means failure.</summary>
    [<CustomOperation "error">]
    member _.Error(draft: WorkflowDraft, state: string) =
        WorkflowDraft.resting StateType.Error state [] draft

    /// <summary>A final state that means success.</summary>
    [<CustomOperation "finish">]
    member _.Finish(draft: WorkflowDraft, state: string) =
        WorkflowDraft.resting StateType.End state [] draft

/// The entry point for describing workflows.
[<AutoOpen>]
module WorkflowExpression =

    /// <summary>Describes a workflow: <c>workflow "Name" { start "Init" init; finish "Done" }</c>.</summary>
    let workflow (name: string) : WorkflowExpression = WorkflowExpression name
