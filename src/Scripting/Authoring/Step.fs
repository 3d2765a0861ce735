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
/// The variables of a workflow: one JSON object. The changes of a step are committed with the step, and dropped when it fails.
/// Typed values may be records, unions, options, lists, sets, maps and whatever System.Text.Json can write.
/// </summary>
[<Sealed>]
type Vars internal (variables: Variables, serialization: JsonSerializerOptions) =

    /// <summary>A variable as text: a string as it is, any other value as its JSON. Setting it makes it a string.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">Reading: there is no such variable, or it is null.</exception>
    member _.Item
        with get (name: string): string =
            match variables[name] with
            | null -> raise (VariableException.Missing(name, typeof<string>, variables))
            | text -> text
        and set (name: string) (value: string) = variables[name] <- value

    /// <summary>The names of all variables, in the order in which they were first set.</summary>
    member _.Names: string list = List.ofSeq variables.Names

    /// <summary>Whether there is a variable of that name.</summary>
    member _.Contains(name: string) : bool = variables.Contains name

    /// <summary>A variable as text, as the indexer gives it; None when there is none or it is null.</summary>
    member _.TryText(name: string) : string option = Option.ofObj variables[name]

    /// <summary>A variable as a type of your own.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">
    /// There is no such variable, it is null, or it does not have that shape; the message names it.
    /// </exception>
    member _.Get<'value>(name: string) : 'value =
        variables.Get<'value>(name, serialization)

    /// <summary>A variable as a type of your own; None when there is none or it is null.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">It does not have that shape; the message names it.</exception>
    member _.TryGet<'value>(name: string) : 'value option =
        match variables.TryGet<'value>(name, serialization) with
        | true, value -> Some value
        | _ -> None

    /// <summary>A variable as a type of your own; the other value when there is none or it is null.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">It does not have that shape; the message names it.</exception>
    member vars.GetOr<'value>(name: string, otherwise: 'value) : 'value =
        vars.TryGet<'value> name |> Option.defaultValue otherwise

    /// <summary>Sets a variable. An option that is None becomes JSON null.</summary>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    member _.Set<'value>(name: string, value: 'value) : unit =
        variables.Set<'value>(name, value, serialization)

    /// <summary>Removes a variable; false when there was none of that name.</summary>
    member _.Remove(name: string) : bool = variables.Remove name

    /// <summary>The whole object as JSON.</summary>
    member _.ToJson() : string = variables.ToJson()

/// <summary>A child as its parent sees it: what has been committed when it is asked for.</summary>
[<Sealed>]
type Child internal (child: ChildWorkflow, serialization: JsonSerializerOptions) =

    /// <summary>The id that the store gave it.</summary>
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

    /// <summary>Whether it has reached a final status, whichever.</summary>
    member _.IsFinal: bool = child.Status.IsFinal()

    /// <summary>Its variables; changing them changes nothing in the child.</summary>
    member val Vars: Vars = Vars(child.Variables, serialization)

/// <summary>A child's status and result, as its parent sees it.</summary>
[<Sealed>]
type ChildEnd internal (child: ChildResult, serialization: JsonSerializerOptions) =

    /// <summary>The id that the store gave it.</summary>
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

    /// <summary>When it ended.</summary>
    member _.Finished: DateTimeOffset option = Option.ofNullable child.Finished

    /// <summary>What its last failed attempt said.</summary>
    member _.LastError: string option = Option.ofObj child.LastError

    /// <summary>Its result as a type of your own; None when it has given none.</summary>
    /// <exception cref="T:System.Text.Json.JsonException">It does not have that shape.</exception>
    member _.TryResult<'value>() : 'value option =
        match child.Output with
        | null -> None
        | output -> Some(output.As<'value> serialization)

/// <summary>The signal that a state was waiting for. It is taken with the commit of the step, once.</summary>
[<Sealed>]
type Signal internal (signal: ReceivedSignal, serialization: JsonSerializerOptions) =

    /// <summary>Its name.</summary>
    member _.Name: string = signal.Name

    /// <summary>The key that its sender gave it.</summary>
    member _.Key: string option = Option.ofObj signal.Key

    /// <summary>When it was sent.</summary>
    member _.Sent: DateTimeOffset = signal.Sent

    /// <summary>Its payload, as JSON text.</summary>
    member _.Json: string = signal.Json

    /// <summary>Its payload as a type of your own.</summary>
    /// <exception cref="T:GopherFlow.Authoring.VariableException">It is null, or does not have that shape.</exception>
    member _.Get<'value>() : 'value = signal.Get<'value> serialization

/// <summary>What a state function knows of its workflow and of this attempt. Valid until the function returns.</summary>
[<Sealed>]
type Step internal (context: StepContext, serialization: JsonSerializerOptions) =

    /// <summary>The id that the store gave the workflow.</summary>
    member _.WorkflowId: int64 = context.WorkflowId

    /// <summary>The caller's id for the workflow, unique.</summary>
    member _.ExternalId: string = context.ExternalId

    /// <summary>What the workflow is about, in the words of the business.</summary>
    member _.BusinessKey: string = context.BusinessKey

    /// <summary>The name of the definition.</summary>
    member _.WorkflowType: string = context.WorkflowType

    /// <summary>The state that runs.</summary>
    member _.State: string = context.State

    /// <summary>1 for the first run of this state, 2 for the first retry, and so on.</summary>
    member _.Attempt: int = context.Attempt

    /// <summary>The same for every retry of this step and different for every other: an idempotency key for the outside.</summary>
    member _.Key: string = context.StepKey

    /// <summary>The key of the step that this one undoes; None in a state that undoes nothing.</summary>
    member _.Undoes: string option = Option.ofObj context.Undoes

    /// <summary>The workflow's variables.</summary>
    member val Vars: Vars = Vars(context.Variables, serialization)

    /// <summary>The signal that the state was waiting for; None when it did not wait for one.</summary>
    member val Signal: Signal option =
        context.Signal
        |> Option.ofObj
        |> Option.map (fun signal -> Signal(signal, serialization))

    /// <summary>A logger whose entries carry the workflow's ids.</summary>
    member _.Logger: ILogger = context.Logger

    /// <summary>The engine's clock.</summary>
    member _.Clock: TimeProvider = context.Clock

    /// <summary>The current instant by the engine's clock, in UTC.</summary>
    member _.Now: DateTimeOffset = context.Clock.GetUtcNow()

    /// <summary>Set when the state's timeout has passed, the lease is lost, or the process stops.</summary>
    member _.Cancellation: CancellationToken = context.Cancellation

    /// <summary>The services of this step's scope.</summary>
    member _.Services: IServiceProvider = context.Services

    /// <summary>A service that the application has registered.</summary>
    /// <exception cref="T:System.InvalidOperationException">It has registered none of that type.</exception>
    member _.Service<'service when 'service: not null>() : 'service =
        context.Services.GetRequiredService<'service>()

    /// <summary>A service that the application may have registered.</summary>
    member _.TryService<'service when 'service: not null>() : 'service option =
        match context.Services.GetService typeof<'service> with
        | :? 'service as service -> Some service
        | _ -> None

    /// <summary>
    /// A child of a type and about something, whose variables are written as those of this workflow are, also with converters that the
    /// application has added.
    /// </summary>
    member _.NewChild(workflowType: string, businessKey: string) : ChildRequest =
        context.NewChild(workflowType, businessKey)

    /// <summary>Loads the workflow's children as they are committed now, oldest first.</summary>
    member _.Children() : Task<Child list> =
        task {
            let! children = context.GetChildrenAsync()
            return [ for child in children -> Child(child, serialization) ]
        }

    /// <summary>Loads how the workflow's children stand or have ended, oldest first, without their variables.</summary>
    member _.ChildResults() : Task<ChildEnd list> =
        task {
            let! results = context.GetChildResultsAsync()
            return [ for result in results -> ChildEnd(result, serialization) ]
        }

    /// <summary>
    /// Runs a callback with the open connection and transaction that commit this step, so that a row of your own is written
    /// exactly once. If it throws, nothing of the step is committed and the attempt has failed.
    /// </summary>
    member _.OnCommit(write: DbConnection -> DbTransaction -> Task) : unit =
        context.OnCommit(fun connection transaction cancellation ->
            RunLimit.Within(cancellation, (fun () -> write connection transaction)))

    /// <summary>The C# context, for whatever takes one.</summary>
    member _.Context: StepContext = context
