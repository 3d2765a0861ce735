namespace GopherFlow.FSharp

open System
open System.Collections.Concurrent
open System.Text.Json
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions

/// <summary>
/// The computation expression <c>workflow "Name" { ... }</c>. Its value is the engine's definition, not yet checked; the states
/// are shown in the order in which they stand. A state function takes a <see cref="T:GopherFlow.FSharp.Step"/> and gives a
/// NextState, a Task or an Async of one.
/// </summary>
[<Sealed>]
type WorkflowExpression internal (name: string) =
    /// They live as long as the workflow, and so no longer than its script, whose types they remember.
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

    /// <summary>One sentence for the console.</summary>
    [<CustomOperation "description">]
    member _.Description(draft: WorkflowDraft, text: string) : WorkflowDraft = { draft with Description = text }

    /// <summary>The version, set by hand. Default: made from the shape of the machine. A script has it made from its text.</summary>
    [<CustomOperation "version">]
    member _.Version(draft: WorkflowDraft, text: string) : WorkflowDraft = { draft with Version = Some text }

    /// <summary>The policy of states that have none of their own. Default: linear, 10 retries, from 10 seconds to 60 minutes.</summary>
    [<CustomOperation "retry">]
    member _.Retry(draft: WorkflowDraft, policy: RetryPolicy) : WorkflowDraft = { draft with Policy = Some policy }

    /// <summary>The state to which a cancelled workflow goes to clean up. Default: none; it ends as CANCELLED at once.</summary>
    [<CustomOperation "onCancel">]
    member _.OnCancel(draft: WorkflowDraft, state: string) : WorkflowDraft = { draft with CancelState = Some state }

    /// <summary>Where a workflow goes when a state fails for good. Default: nowhere; it is FAILED.</summary>
    [<CustomOperation "onFailure">]
    member _.OnFailure(draft: WorkflowDraft, state: string) : WorkflowDraft = { draft with FailureState = Some state }

    /// <summary>The type that the variables of a new workflow have to fit: <c>input typeof&lt;Order&gt;</c>. Default: any.</summary>
    [<CustomOperation "input">]
    member _.Input(draft: WorkflowDraft, fits: System.Type) : WorkflowDraft = {
        draft with
            Input = Some(contractOf fits)
    }

    /// <summary>The type that a result has to fit, see <c>returning</c>. Default: any.</summary>
    [<CustomOperation "output">]
    member _.Output(draft: WorkflowDraft, fits: System.Type) : WorkflowDraft = {
        draft with
            Output = Some(contractOf fits)
    }

    /// <summary>Variables whose values are never kept in the history.</summary>
    [<CustomOperation "secret">]
    member _.Secret(draft: WorkflowDraft, variables: string list) : WorkflowDraft = {
        draft with
            Secrets = draft.Secrets @ variables
    }

    /// <summary>Keeps no values of variables in the history, only the names of those that changed.</summary>
    [<CustomOperation "withoutVariableHistory">]
    member _.WithoutVariableHistory(draft: WorkflowDraft) : WorkflowDraft = { draft with KeepsValues = false }

    /// <summary>How long FINISHED workflows are kept. Default: as the settings of the engine say.</summary>
    [<CustomOperation "keepFinished">]
    member _.KeepFinished(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = {
        draft with
            KeepFinished = Some span
    }

    /// <summary>How long FAILED and ERROR workflows are kept. Default: as the settings of the engine say.</summary>
    [<CustomOperation "keepFailed">]
    member _.KeepFailed(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = { draft with KeepFailed = Some span }

    /// <summary>How long CANCELLED workflows are kept. Default: as the settings of the engine say.</summary>
    [<CustomOperation "keepCancelled">]
    member _.KeepCancelled(draft: WorkflowDraft, span: TimeSpan) : WorkflowDraft = {
        draft with
            KeepCancelled = Some span
    }

    /// <summary>
    /// Limits how many of its workflows run at once, or how many of their steps begin within a span, counted over all executors:
    /// <c>limit (atOnce 5)</c>, <c>limit (perMinute 100)</c>. Several limits hold together. Default: any number.
    /// </summary>
    [<CustomOperation "limit">]
    member _.Limit(draft: WorkflowDraft, limit: WorkflowLimit) : WorkflowDraft = {
        draft with
            Limits = draft.Limits @ [ limit ]
    }

    /// <summary>
    /// Tells a receiver over HTTP when a workflow has ended, however it has. Where the receiver is and the secret that it shares with the
    /// server are settings (GFLOW_WEBHOOK_URLS, GFLOW_WEBHOOK_SECRETS).
    /// </summary>
    [<CustomOperation "webhook">]
    member _.Webhook(draft: WorkflowDraft, receiver: string) : WorkflowDraft = {
        draft with
            Webhooks = draft.Webhooks @ [ Webhook receiver ]
    }

    /// <summary>Tells a receiver of some ends only: <c>webhook "shop" WorkflowEnds.Failed</c>, several with <c>|||</c> between them.</summary>
    [<CustomOperation "webhook">]
    member _.Webhook(draft: WorkflowDraft, receiver: string, ends: WorkflowEnds) : WorkflowDraft = {
        draft with
            Webhooks = draft.Webhooks @ [ Webhook(receiver, On = ends) ]
    }

    /// <summary>The state in which a workflow starts, and the states that may follow.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> Task<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofTask body) draft

    /// <summary>The state in which a workflow starts, and the states that may follow.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> Async<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofAsync body) draft

    /// <summary>The state in which a workflow starts, and the states that may follow.</summary>
    [<CustomOperation "start">]
    member _.Start(draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list) =
        WorkflowDraft.running StateType.Start state (Listed goesTo) [] (ofPlain body) draft

    /// <summary>The state in which a workflow starts, with a timeout, a retry policy or limits of its own.</summary>
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

    /// <summary>The state in which a workflow starts, with a timeout, a retry policy or limits of its own.</summary>
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

    /// <summary>The state in which a workflow starts, with a timeout, a retry policy or limits of its own.</summary>
    [<CustomOperation "start">]
    member _.Start
        (draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list, options: StateOption list)
        =
        WorkflowDraft.running StateType.Start state (Listed goesTo) options (ofPlain body) draft

    /// <summary>
    /// The state in which a workflow starts; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofTask body) draft

    /// <summary>
    /// The state in which a workflow starts; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofAsync body) draft

    /// <summary>
    /// The state in which a workflow starts; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "start">]
    member _.Start
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> NextState,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Start state (ReadFrom(body :> obj)) (Seq.concat options) (ofPlain body) draft

    /// <summary>An ordinary state, and the states that may follow.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> Task<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofTask body) draft

    /// <summary>An ordinary state, and the states that may follow.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> Async<NextState>, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofAsync body) draft

    /// <summary>An ordinary state, and the states that may follow.</summary>
    [<CustomOperation "state">]
    member _.State(draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list) =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) [] (ofPlain body) draft

    /// <summary>An ordinary state, with a timeout, a retry policy or limits of its own.</summary>
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

    /// <summary>An ordinary state, with a timeout, a retry policy or limits of its own.</summary>
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

    /// <summary>An ordinary state, with a timeout, a retry policy or limits of its own.</summary>
    [<CustomOperation "state">]
    member _.State
        (draft: WorkflowDraft, state: string, body: Step -> NextState, goesTo: string list, options: StateOption list)
        =
        WorkflowDraft.running StateType.Normal state (Listed goesTo) options (ofPlain body) draft

    /// <summary>
    /// An ordinary state; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Task<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofTask body) draft

    /// <summary>
    /// An ordinary state; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> Async<NextState>,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofAsync body) draft

    /// <summary>
    /// An ordinary state; the states that may follow are those that its function names.
    /// </summary>
    [<CustomOperation "state">]
    member _.State
        (
            draft: WorkflowDraft,
            state: string,
            body: Step -> NextState,
            [<System.ParamArray>] options: StateOption seq array
        ) =
        WorkflowDraft.running StateType.Normal state (ReadFrom(body :> obj)) (Seq.concat options) (ofPlain body) draft

    /// <summary>A state that waits for a person, who may move it to any state.</summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string) =
        WorkflowDraft.resting StateType.Manual state [] draft

    /// <summary>A state that waits for a person, who may move it to one of these.</summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, goesTo: string list) =
        WorkflowDraft.resting StateType.Manual state goesTo draft

    /// <summary>
    /// A state that waits for a decision: it runs with the signal that has the name of the type that its function takes beside the step.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual
        (draft: WorkflowDraft, state: string, body: Step -> 'signal -> Task<NextState>, goesTo: string list)
        =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofTask run) draft

    /// <summary>
    /// A state that waits for a decision: it runs with the signal that has the name of the type that its function takes beside the step.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual
        (draft: WorkflowDraft, state: string, body: Step -> 'signal -> Async<NextState>, goesTo: string list)
        =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofAsync run) draft

    /// <summary>
    /// A state that waits for a decision: it runs with the signal that has the name of the type that its function takes beside the step.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> NextState, goesTo: string list) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (Listed goesTo) (ofPlain run) draft

    /// <summary>
    /// A state that waits for a decision, and the states that may follow as its function names them.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> Task<NextState>) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (ReadFrom(body :> obj)) (ofTask run) draft

    /// <summary>
    /// A state that waits for a decision, and the states that may follow as its function names them.
    /// </summary>
    [<CustomOperation "manual">]
    member _.Manual(draft: WorkflowDraft, state: string, body: Step -> 'signal -> Async<NextState>) =
        let run (step: Step) = body step (signalOf step)
        WorkflowDraft.deciding state (signalContract typeof<'signal>) (ReadFrom(body :> obj)) (ofAsync run) draft

    /// <summary>
    /// A state that waits for a decision, and the states that may follow as its function names them.
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

/// Where a description begins.
[<AutoOpen>]
module WorkflowExpression =

    /// <summary>Describes a workflow: <c>workflow "Name" { start "Init" init; finish "Done" }</c>.</summary>
    let workflow (name: string) : WorkflowExpression = WorkflowExpression name
