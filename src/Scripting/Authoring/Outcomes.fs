namespace GopherFlow.FSharp

open System
open GopherFlow.Authoring

/// Builds the result of a state function: the next state and everything that is committed with the step.
[<AutoOpen>]
module Outcomes =

    /// <summary>
    /// Goes to a state at once. The state must be one of the targets of the current state. Those are read from its function unless they
    /// are listed.
    /// </summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let goto (state: string) : NextState = NextState.GoTo state

    /// <summary>
    /// Compensates the workflow: undoes every completed state that has a <c>compensatedBy</c>, the last one first, each in its own step.
    /// Then goes to a state, which must be one of the targets of the current state. The state that returns this does not count as
    /// completed.
    /// </summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let compensate (thenTo: string) : NextState = NextState.Compensate thenTo

    /// <summary>
    /// Returned by a compensating state when it is done. The engine continues with the state that was completed before, or, when
    /// nothing is left to undo, with the state given to <c>compensate</c>. Only valid in a state that a <c>compensatedBy</c> names.
    /// </summary>
    let undone: NextState = NextState.Undone()

    /// <summary>Adds a line to the workflow's history.</summary>
    let log (text: string) (next: NextState) : NextState = next.Log text

    /// <summary>Runs the target after a delay, counted from the commit of this step. Zero or less means at once.</summary>
    let after (delay: TimeSpan) (next: NextState) : NextState = next.After delay

    /// <summary>Runs the target at an instant. An instant in the past means at once.</summary>
    let at (instant: DateTimeOffset) (next: NextState) : NextState = next.At instant

    /// <summary>
    /// Runs the target when every child of the workflow, including those spawned by this step, has reached a final status.
    /// </summary>
    let whenChildrenFinished (next: NextState) : NextState = next.WhenChildrenFinished()

    /// <summary>
    /// Waits for the first of the named signals before a state runs: <c>waitFor [ "paid" ] "Ship" |> orAfter (days 3) "Remind"</c>. A
    /// signal that was sent earlier counts. The state reads it from <c>step.Signal</c>.
    /// </summary>
    let waitFor (signals: string list) (state: string) : NextState =
        NextState.WaitFor(Array.ofList signals).Then state

    /// <summary>
    /// Goes to another state if, after a delay, the workflow is still waiting for a signal, for a person in a manual state, or for its
    /// last child.
    /// </summary>
    let orAfter (delay: TimeSpan) (state: string) (next: NextState) : NextState = next.OrAfter(delay, state)

    /// <summary>
    /// Goes to another state if, at an instant, the workflow is still waiting for a signal, for a person in a manual state, or for its
    /// last child.
    /// </summary>
    let orAt (instant: DateTimeOffset) (state: string) (next: NextState) : NextState = next.OrAt(instant, state)

    /// <summary>
    /// Closes the history and continues in the target with only the variables that the function sets: for a workflow that loops forever.
    /// The history keeps the generation that ends and the one that begins.
    /// </summary>
    let continuingAnew (set: Vars -> unit) (next: NextState) : NextState =
        let variables = Variables()
        set (Vars(variables, ScriptJson.forType variables.Serialization (set.GetType())))
        next.ContinuingAnew variables

    /// <summary>
    /// Sets the key under which per-key limits (<c>forEachKey</c>) count the workflow from the target on, such as a customer or a tenant.
    /// Default: the business key.
    /// </summary>
    let limitKey (key: string) (next: NextState) : NextState = next.WithLimitKey key

    /// <summary>
    /// Sets the workflow's result, such as a record, a union or a list. It is stored with the finished workflow for the caller and the
    /// parent. Only valid with a target that ends the workflow; otherwise the attempt fails.
    /// </summary>
    let returning (value: 'value) (next: NextState) : NextState =
        next.Returning(value, ScriptJson.forValue Variables.DefaultSerialization value)

    /// <summary>Wakes the parent: it becomes due with this commit. Has no effect without a parent.</summary>
    let wakeParent (next: NextState) : NextState = next.WakeParent()

    /// <summary>
    /// Describes a child workflow by its type and business key, for <c>spawn</c>. If the application has added converters for variables,
    /// use <c>step.NewChild</c>, which applies them.
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

    /// <summary>Sets a variable that the child starts with; takes any value that <c>Vars.Set</c> takes.</summary>
    let withVar (name: string) (value: 'value) (request: ChildRequest) : ChildRequest =
        let changed = copy request
        changed.Variables.Set<'value>(name, value, ScriptJson.forValue request.Variables.Serialization value)
        changed

    /// <summary>
    /// Sets the child's external id, unique among all workflows. Default: derived from the parent's step, the same for each retry.
    /// </summary>
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

    /// <summary>Sets the executor group that runs the child. Default: the parent's.</summary>
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

    /// <summary>Sets the child's priority, from 1 (first) to 9 (last). Default: the parent's.</summary>
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

    /// <summary>Sets the key under which per-key limits (<c>forEachKey</c>) count the child. Default: its business key.</summary>
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
