namespace GopherFlow.FSharp

open System
open System.Data.Common
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Scripting
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// <summary>
/// The variables of a workflow: one JSON object. Changes are committed with the step and discarded when the step fails.
/// Typed values may be records, unions, options, lists, sets, maps and anything else that System.Text.Json can serialize.
/// </summary>
[<Sealed>]
type Vars internal (variables: Variables, serialization: JsonSerializerOptions) =

    /// <summary>A variable as text: a string unchanged, any other value as its JSON text. Setting it stores a string.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">On reading: the variable does not exist or is null.</exception>
    member _.Item
        with get (name: string): string =
            match variables[name] with
            | null -> raise (VariableException.Missing(name, typeof<string>, variables))
            | text -> text
        and set (name: string) (value: string) = variables[name] <- value

    /// <summary>The names of all variables, in the order in which they were first set.</summary>
    member _.Names: string list = List.ofSeq variables.Names

    /// <summary>Whether a variable of that name exists, even if its value is null.</summary>
    member _.Contains(name: string) : bool = variables.Contains name

    /// <summary>A variable as text, like the indexer, but None when it does not exist or is null.</summary>
    member _.TryText(name: string) : string option = Option.ofObj variables[name]

    /// <summary>Deserializes a variable.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">
    /// The variable does not exist, is null, or cannot be read as that type. The message names the variable.
    /// </exception>
    member _.Get<'value>(name: string) : 'value =
        variables.Get<'value>(name, serialization)

    /// <summary>Deserializes a variable. None when it does not exist or is null.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">
    /// The variable cannot be read as that type. The message names the variable.
    /// </exception>
    member _.TryGet<'value>(name: string) : 'value option =
        match variables.TryGet<'value>(name, serialization) with
        | true, value -> Some value
        | _ -> None

    /// <summary>Deserializes a variable. Returns <c>otherwise</c> when it does not exist or is null.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">
    /// The variable cannot be read as that type. The message names the variable.
    /// </exception>
    member vars.GetOr<'value>(name: string, otherwise: 'value) : 'value =
        vars.TryGet<'value> name |> Option.defaultValue otherwise

    /// <summary>Sets a variable. None becomes JSON null.</summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    member _.Set<'value>(name: string, value: 'value) : unit =
        variables.Set<'value>(name, value, serialization)

    /// <summary>Removes a variable. Returns false when it did not exist.</summary>
    member _.Remove(name: string) : bool = variables.Remove name

    /// <summary>The whole object as JSON.</summary>
    member _.ToJson() : string = variables.ToJson()

/// <summary>A child workflow as it was committed when the parent loaded it.</summary>
[<Sealed>]
type Child internal (child: ChildWorkflow, serialization: JsonSerializerOptions) =

    /// <summary>The numeric id that the store assigned.</summary>
    member _.Id: int64 = child.Id

    /// <summary>Its external id.</summary>
    member _.ExternalId: string = child.ExternalId

    /// <summary>The name of its definition.</summary>
    member _.WorkflowType: string = child.WorkflowType

    /// <summary>Its business key.</summary>
    member _.BusinessKey: string = child.BusinessKey

    /// <summary>Its status.</summary>
    member _.Status: WorkflowStatus = child.Status

    /// <summary>Its current state.</summary>
    member _.State: string = child.State

    /// <summary>Whether it has reached any final status.</summary>
    member _.IsFinal: bool = child.Status.IsFinal()

    /// <summary>A copy of its variables. Changing them does not change the child.</summary>
    member val Vars: Vars = Vars(child.Variables, serialization)

/// <summary>The status and result of a child workflow as they were committed when the parent loaded them.</summary>
[<Sealed>]
type ChildEnd internal (child: ChildResult, serialization: JsonSerializerOptions) =

    /// <summary>The numeric id that the store assigned.</summary>
    member _.Id: int64 = child.Id

    /// <summary>Its external id.</summary>
    member _.ExternalId: string = child.ExternalId

    /// <summary>The name of its definition.</summary>
    member _.WorkflowType: string = child.WorkflowType

    /// <summary>Its business key.</summary>
    member _.BusinessKey: string = child.BusinessKey

    /// <summary>Its status.</summary>
    member _.Status: WorkflowStatus = child.Status

    /// <summary>Its current state.</summary>
    member _.State: string = child.State

    /// <summary>When it ended; None while it is unfinished.</summary>
    member _.Finished: DateTimeOffset option = Option.ofNullable child.Finished

    /// <summary>The error of its last failed attempt.</summary>
    member _.LastError: string option = Option.ofObj child.LastError

    /// <summary>Deserializes its result. None when it has no result.</summary>
    /// <exception cref="T:System.Text.Json.JsonException">The result cannot be read as that type.</exception>
    member _.TryResult<'value>() : 'value option =
        match child.Output with
        | null -> None
        | output -> Some(output.As<'value> serialization)

/// <summary>The signal that a state was waiting for. The commit of the step consumes it, exactly once.</summary>
[<Sealed>]
type Signal internal (signal: ReceivedSignal, serialization: JsonSerializerOptions) =

    /// <summary>Its name.</summary>
    member _.Name: string = signal.Name

    /// <summary>The key that the sender set, if any.</summary>
    member _.Key: string option = Option.ofObj signal.Key

    /// <summary>When it was sent.</summary>
    member _.Sent: DateTimeOffset = signal.Sent

    /// <summary>Its payload, as JSON text.</summary>
    member _.Json: string = signal.Json

    /// <summary>Deserializes its payload.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">The payload is null or cannot be read as that type.</exception>
    member _.Get<'value>() : 'value = signal.Get<'value> serialization

/// <summary>The context of a state function: its workflow and the current attempt. Valid until the function returns.</summary>
[<Sealed>]
type Step internal (context: StepContext, serialization: JsonSerializerOptions) =

    /// <summary>The workflow's numeric id, assigned by the store.</summary>
    member _.WorkflowId: int64 = context.WorkflowId

    /// <summary>The caller's unique id for the workflow.</summary>
    member _.ExternalId: string = context.ExternalId

    /// <summary>What the workflow is about in business terms, for example an order number.</summary>
    member _.BusinessKey: string = context.BusinessKey

    /// <summary>The name of the workflow's definition.</summary>
    member _.WorkflowType: string = context.WorkflowType

    /// <summary>The current state.</summary>
    member _.State: string = context.State

    /// <summary>1 for the first run of this state, 2 for the first retry, and so on.</summary>
    member _.Attempt: int = context.Attempt

    /// <summary>
    /// An idempotency key for calls to other systems: the same for every retry of this step, different for every other step of any
    /// workflow.
    /// </summary>
    member _.Key: string = context.StepKey

    /// <summary>The key of the step that this one compensates; None in a state that compensates nothing.</summary>
    member _.Undoes: string option = Option.ofObj context.Undoes

    /// <summary>The workflow's variables.</summary>
    member val Vars: Vars = Vars(context.Variables, serialization)

    /// <summary>The signal that the state was waiting for; None when it was not waiting for a signal.</summary>
    member val Signal: Signal option =
        context.Signal
        |> Option.ofObj
        |> Option.map (fun signal -> Signal(signal, serialization))

    /// <summary>A logger whose entries carry the workflow's ids.</summary>
    member _.Logger: ILogger = context.Logger

    /// <summary>The engine's clock.</summary>
    member _.Clock: TimeProvider = context.Clock

    /// <summary>The current time of the engine's clock, in UTC.</summary>
    member _.Now: DateTimeOffset = context.Clock.GetUtcNow()

    /// <summary>
    /// Cancelled when the state's timeout expires, the step is dropped (for example because the lease is lost), or the process shuts down.
    /// </summary>
    member _.Cancellation: CancellationToken = context.Cancellation

    /// <summary>The service provider of this step's own scope.</summary>
    member _.Services: IServiceProvider = context.Services

    /// <summary>A registered service.</summary>
    /// <exception cref="T:System.InvalidOperationException">No service of that type is registered.</exception>
    member _.Service<'service when 'service: not null>() : 'service =
        context.Services.GetRequiredService<'service>()

    /// <summary>A service, or None when no service of that type is registered.</summary>
    member _.TryService<'service when 'service: not null>() : 'service option =
        match context.Services.GetService typeof<'service> with
        | :? 'service as service -> Some service
        | _ -> None

    /// <summary>
    /// Describes a child workflow by its type and business key. Its variables are serialized like those of this workflow, including with
    /// the converters that the application has added.
    /// </summary>
    member _.NewChild(workflowType: string, businessKey: string) : ChildRequest =
        context.NewChild(workflowType, businessKey)

    /// <summary>Loads the children of the workflow as committed now, oldest first.</summary>
    member _.Children() : Task<Child list> =
        task {
            let! children = context.GetChildrenAsync()
            return [ for child in children -> Child(child, serialization) ]
        }

    /// <summary>Loads the status and result of each child, oldest first, without the variables.</summary>
    member _.ChildResults() : Task<ChildEnd list> =
        task {
            let! results = context.GetChildResultsAsync()
            return [ for result in results -> ChildEnd(result, serialization) ]
        }

    /// <summary>
    /// Registers a callback that runs with the open connection and transaction that commit this step, so a row of your own is written
    /// exactly once. If the callback throws, nothing is committed and the attempt fails.
    /// </summary>
    member _.OnCommit(write: DbConnection -> DbTransaction -> Task) : unit =
        context.OnCommit(fun connection transaction cancellation ->
            RunLimit.Within(cancellation, (fun () -> write connection transaction)))

    /// <summary>The C# context, for code that expects one.</summary>
    member _.Context: StepContext = context
