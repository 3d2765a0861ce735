namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring

/// What a state function returns: where to go, and what is committed with it.
[<AutoOpen>]
module Outcomes =

    /// <summary>Goes to a state at once. It must be among the targets of the current state, which are read from its function unless they are listed.</summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let goto (state: string) : NextState = NextState.GoTo state

    /// <summary>
    /// Undoes what the workflow has done: the states that have a compensation (<c>compensatedBy</c>), the last one first, each in a step of
    /// its own; then goes to a state, which must be among the declared targets. The state that says so does not count as done.
    /// </summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let compensate (thenTo: string) : NextState = NextState.Compensate thenTo

    /// <summary>
    /// The state has undone what it is there to undo; what was done before that is next. Only from a state that <c>compensatedBy</c> names.
    /// </summary>
    let undone: NextState = NextState.Undone()

    /// <summary>Adds a line to the workflow's history.</summary>
    let log (text: string) (next: NextState) : NextState = next.Log text

    /// <summary>Runs the target a while after the commit of this step; zero or less means at once.</summary>
    let after (delay: TimeSpan) (next: NextState) : NextState = next.After delay

    /// <summary>Runs the target at an instant; one that has passed means at once.</summary>
    let at (instant: DateTimeOffset) (next: NextState) : NextState = next.At instant

    /// <summary>Runs the target when every child of the workflow has reached a final status, also those of this step.</summary>
    let whenChildrenFinished (next: NextState) : NextState = next.WhenChildrenFinished()

    /// <summary>
    /// Waits for the first of some signals before a state runs: <c>waitFor [ "paid" ] "Ship" |> orAfter (days 3) "Remind"</c>. One that was
    /// sent before counts. The state finds it in <c>step.Signal</c>.
    /// </summary>
    let waitFor (signals: string list) (state: string) : NextState =
        NextState.WaitFor(Array.ofList signals).Then state

    /// <summary>Goes to another state if nobody has come by then: no person, no signal, not the last of the children.</summary>
    let orAfter (delay: TimeSpan) (state: string) (next: NextState) : NextState = next.OrAfter(delay, state)

    /// <summary>Goes to another state if nobody has come by an instant.</summary>
    let orAt (instant: DateTimeOffset) (state: string) (next: NextState) : NextState = next.OrAt(instant, state)

    /// <summary>
    /// Closes the history and continues in the target with the variables that the function sets, alone: for a workflow that loops for ever.
    /// The history keeps the generation that ends and the one that begins.
    /// </summary>
    let continuingAnew (set: Vars -> unit) (next: NextState) : NextState =
        let variables = Variables()
        set (Vars(variables, ScriptJson.forType variables.Serialization (set.GetType())))
        next.ContinuingAnew variables

    /// <summary>
    /// The key under which limits that hold for each key count the workflow, from the target on: a customer, a tenant. Until one is given
    /// it is the business key.
    /// </summary>
    let limitKey (key: string) (next: NextState) : NextState = next.WithLimitKey key

    /// <summary>
    /// Gives a result, kept with the finished workflow for its caller and its parent: a record, a union, a list. Only with a target that
    /// ends the workflow; else the attempt has failed.
    /// </summary>
    let returning (value: 'value) (next: NextState) : NextState =
        next.Returning(value, ScriptJson.forValue Variables.DefaultSerialization value)

    /// <summary>Makes the parent due with this commit. Without a parent it does nothing.</summary>
    let wakeParent (next: NextState) : NextState = next.WakeParent()

    /// <summary>
    /// Describes a child workflow, by its type and business key, for <c>spawn</c>. Where the application has added converters for variables,
    /// <c>step.NewChild</c> makes one that knows them.
    /// </summary>
    let child (workflowType: string) (businessKey: string) : ChildRequest = ChildRequest(workflowType, businessKey)

    let private copy (request: ChildRequest) : ChildRequest =
        ChildRequest(
            request.WorkflowType,
            request.BusinessKey,
            ExternalId = request.ExternalId,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            LimitKey = request.LimitKey,
            Variables = Variables.Parse(request.Variables.ToJson(), request.Variables.Serialization)
        )

    /// <summary>Gives a child a variable to start with: a text, a record, a list, whatever <c>Vars.Set</c> takes.</summary>
    let withVar (name: string) (value: 'value) (request: ChildRequest) : ChildRequest =
        let changed = copy request
        changed.Variables.Set<'value>(name, value, ScriptJson.forValue request.Variables.Serialization value)
        changed

    /// <summary>Names a child uniquely among all workflows. Default: after the parent's step, the same for each retry.</summary>
    let withExternalId (externalId: string) (request: ChildRequest) : ChildRequest =
        ChildRequest(
            request.WorkflowType,
            request.BusinessKey,
            ExternalId = externalId,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            LimitKey = request.LimitKey,
            Variables = request.Variables
        )

    /// <summary>Has an executor group run a child. Default: the parent's.</summary>
    let inGroup (executorGroup: string) (request: ChildRequest) : ChildRequest =
        ChildRequest(
            request.WorkflowType,
            request.BusinessKey,
            ExternalId = request.ExternalId,
            ExecutorGroup = executorGroup,
            Priority = request.Priority,
            LimitKey = request.LimitKey,
            Variables = request.Variables
        )

    /// <summary>1 (first) to 9 (last). Default: the parent's.</summary>
    let withPriority (priority: int) (request: ChildRequest) : ChildRequest =
        ChildRequest(
            request.WorkflowType,
            request.BusinessKey,
            ExternalId = request.ExternalId,
            ExecutorGroup = request.ExecutorGroup,
            Priority = priority,
            LimitKey = request.LimitKey,
            Variables = request.Variables
        )

    /// <summary>The key under which limits that hold for each key count a child. Default: its business key.</summary>
    let withLimitKey (key: string) (request: ChildRequest) : ChildRequest =
        ChildRequest(
            request.WorkflowType,
            request.BusinessKey,
            ExternalId = request.ExternalId,
            ExecutorGroup = request.ExecutorGroup,
            Priority = request.Priority,
            LimitKey = key,
            Variables = request.Variables
        )

    /// <summary>Creates a child with the commit of this step.</summary>
    let spawn (request: ChildRequest) (next: NextState) : NextState = next.Spawn request

    /// <summary>Creates several children with the commit of this step.</summary>
    let spawnAll (requests: ChildRequest seq) (next: NextState) : NextState = next.Spawn requests
