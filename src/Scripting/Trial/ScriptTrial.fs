namespace GopherFlow.Scripting

open System
open System.Runtime.ExceptionServices
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Execution
open GopherFlow.Settings
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open GopherFlow.Telemetry
open GopherFlow.Storage.InMemory
open Microsoft.Extensions.DependencyInjection

/// A running trial.
type private Trial = {
    Loop: TrialLoop
    Recorder: TrialRecorder
    Store: InMemoryStore
    Options: TrialOptions
    Source: ScriptSource
}

/// <summary>
/// Runs one workflow of a script as a trial: with the engine's executor, an in-memory store and a clock that skips every wait. No
/// database is involved. External side effects of the state functions are real.
/// </summary>
[<RequireQualifiedAccess>]
module ScriptTrial =

    /// The id of the workflow that is tried. Children get higher ids.
    [<Literal>]
    let private Root = 1L

    [<Literal>]
    let private StackBytes = 16777216

    let private noServices: IServiceScopeFactory =
        let nothing = {
            new IServiceProvider with
                member _.GetService _ = null
        }

        let scope = {
            new IServiceScope with
                member _.ServiceProvider = nothing
                member _.Dispose() = ()
        }

        {
            new IServiceScopeFactory with
                member _.CreateScope() = scope
        }

    /// Housekeeping intervals are long, so that skipping years stays cheap. A .NET timer is limited to 49 days.
    let private engineOptions (trial: Trial) =
        EngineOptions(
            ExecutorName = "trial",
            StateTimeout = Timeout.InfiniteTimeSpan,
            Lease = TimeSpan.FromDays 120.,
            CheckDbInterval = TimeSpan.FromDays 40.,
            StuckWorkflowsInterval = TimeSpan.FromDays 40.,
            RetentionInterval = TimeSpan.Zero,
            VariablesJson = Option.toObj trial.Options.VariablesJson
        )

    let private placeOf (source: ScriptSource) (failure: exn) =
        match ScriptLoader.placeOf source failure with
        | place when place = Place.startOf source.Name -> None
        | place -> Some(place.File, place.Line)

    let private watched (trial: Trial) (body: StateFunction) =
        StateFunction(fun step ->
            let run =
                task {
                    trial.Loop.Enter step.WorkflowId
                    trial.Recorder.Started step

                    try
                        try
                            return! body.Invoke step
                        with failure ->
                            trial.Recorder.Threw(step, failure)
                            ExceptionDispatchInfo.Throw failure
                            return NextState.GoTo step.State
                    finally
                        if not RunLimit.IsCurrentOver then
                            trial.Recorder.Returned step

                        trial.Loop.Leave step.WorkflowId
                }

            ValueTask<NextState> run)

    let private watchedDefinition trial (definition: WorkflowDefinition) =
        definition
            .WithFunctions(fun state ->
                match state.Function with
                | null -> null
                | body -> watched trial body)
            .WithoutWebhooks()

    /// All workflows of the trial. Blocking is safe, because the in-memory store completes synchronously.
    let private all (trial: Trial) : WorkflowRecord list =
        (trial.Store :> IWorkflowStore)
            .SearchAsync(WorkflowSearch(Limit = Int32.MaxValue), CancellationToken.None)
            .Result.Workflows
        |> List.ofSeq

    let private root trial =
        all trial |> List.tryFind (fun workflow -> workflow.Id = Root)

    let private isDone (trial: Trial) () =
        RunLimit.IsCurrentOver
        || trial.Recorder.Count >= trial.Options.StepLimit
        || (root trial |> Option.exists _.Status.IsFinal())

    let private canGoOn (trial: Trial) () =
        all trial
        |> List.exists (fun workflow -> workflow.ExecutorId.HasValue || workflow.NextActivation.HasValue)

    let private start (trial: Trial) (definition: WorkflowDefinition) (variables: Variables) () =
        let clock = TrialClock trial.Loop
        let feed = ChangeFeed()

        let committed (commit: TrialCommit) =
            trial.Loop.Leave commit.Before.Id

            if not RunLimit.IsCurrentOver then
                trial.Recorder.Committed(placeOf trial.Source, commit)

        let store = TrialStore(trial.Store, committed)

        let others =
            trial.Options.Others
            |> List.filter (fun other -> not (String.Equals(other.Name, definition.Name)))

        let registry =
            DefinitionRegistry.Of(definition :: others |> List.map (watchedDefinition trial) |> Array.ofList)

        let catalogue = DefinitionCatalogue(registry, store, clock)

        let metrics = new EngineMetrics()

        let executor =
            new Executor(
                store,
                registry,
                catalogue,
                feed,
                engineOptions trial,
                (trial.Options.Services |> Option.defaultValue noServices),
                clock,
                new TrialLoggers(trial.Recorder),
                (fun () -> 0.5),
                steps = TaskScheduler.FromCurrentSynchronizationContext(),
                metrics = metrics
            )

        // A trial needs no metrics, and a meter that is not disposed stays in memory, with everything it observes, until the process ends.
        metrics.Dispose()

        let operations =
            WorkflowOperations(store, executor, catalogue, feed, executor.Clock)

        task {
            do! executor.StartAsync CancellationToken.None

            let! _ =
                operations.CreateAsync(
                    CreateWorkflow(
                        ExternalId = "trial",
                        WorkflowType = definition.Name,
                        BusinessKey = trial.Options.BusinessKey,
                        StateVars = variables
                    )
                )

            return ()
        }

    let private report (trial: Trial) (definition: WorkflowDefinition) ended reason : TrialReport =
        let state, status, variables =
            match root trial with
            | Some root -> root.State, root.Status.ToName(), root.StateVars
            | None -> definition.InitialState, WorkflowStatus.New.ToName(), trial.Options.Variables

        {
            Steps = trial.Recorder.Steps
            State = state
            Status = status
            Variables = variables
            Ended = ended
            Reason = reason
            VirtualTime = trial.Loop.Now - trial.Loop.Beginning
        }

    let private lastError (trial: Trial) =
        trial.Recorder.Steps
        |> List.filter (fun step -> step.WorkflowId = Root)
        |> List.tryLast
        |> Option.bind _.Error
        |> Option.map (fun error -> $": {error.Text}")
        |> Option.defaultValue "."

    let private conclude (trial: Trial) =
        match root trial with
        | None -> TrialEnd.Refused, "The workflow was not created."
        | Some root ->
            match root.Status with
            | WorkflowStatus.Finished -> TrialEnd.ReachedEnd, $"Finished in state '{root.State}'."
            | WorkflowStatus.Failed -> TrialEnd.Failed, $"Failed in state '{root.State}'{lastError trial}"
            | WorkflowStatus.Error ->
                TrialEnd.ReachedError, $"Ended with an error in state '{root.State}'{lastError trial}"
            | WorkflowStatus.Waiting ->
                TrialEnd.WaitsForPerson, $"Waits in state '{root.State}' for a person to move it."
            | _ when trial.Recorder.Count >= trial.Options.StepLimit ->
                TrialEnd.StepLimit,
                $"Stopped after {trial.Options.StepLimit} steps, which is the limit; it would continue in state '{root.State}'."
            | _ when not (isNull root.AwaitedSignals) ->
                let names =
                    (Unchecked.nonNull root.AwaitedSignals).All
                    |> Seq.map (fun name -> $"'{name}'")
                    |> String.concat " or "

                TrialEnd.WaitsForSignal,
                $"Waits before state '{root.State}' for the signal {names}, which nobody sends."
            | _ ->
                TrialEnd.WaitsForChildren,
                $"Waits before state '{root.State}' for {root.OpenChildren} children that will not finish by themselves."

    let private outOfTime (trial: Trial) rest =
        let where =
            match trial.Recorder.Running with
            | [] -> ""
            | states ->
                let names = states |> List.map (fun state -> $"'{state}'") |> String.concat ", "
                $" while the function of {names} ran"

        $"The limit of {trial.Options.TimeLimit.TotalSeconds} s passed{where}{rest}."

    let private parse (text: string) =
        try
            Ok(Variables.Parse text)
        with :? JsonException as fault ->
            Error $"The variables are not a JSON object: {fault.Message}"

    let private run (trial: Trial) (definition: WorkflowDefinition) (variables: Variables) =
        task {
            // Fails only if an error occurs before the first step.
            let mutable starting = Task.CompletedTask

            let! ended, over =
                TimedRun.start $"trying {definition.Name}" StackBytes trial.Options.TimeLimit (fun _ ->
                    let begin' () =
                        starting <- start trial definition variables ()

                    let isDone () =
                        starting.IsFaulted || (starting.IsCompleted && isDone trial ())

                    let canGoOn () =
                        not starting.IsCompleted || canGoOn trial ()

                    trial.Loop.Run(begin', isDone, canGoOn)

                    if starting.IsFaulted then
                        starting.GetAwaiter().GetResult())

            over.Cancel()

            return
                match ended with
                | Finished() -> conclude trial
                | Threw failure -> TrialEnd.Refused, $"The trial could not continue: {failure.Message}"
                | Stopped -> TrialEnd.TimeLimit, outOfTime trial ""
                | Unstoppable ->
                    TrialEnd.TimeLimit,
                    outOfTime trial "; it cannot be ended and keeps a thread busy until the process is restarted"
        }

    /// <summary>Runs one workflow of a loaded script and reports each step.</summary>
    /// <param name="options">The input and the limits.</param>
    /// <param name="script">The script.</param>
    /// <returns>The report. Errors in the script are part of it and do not throw.</returns>
    let RunAsync (options: TrialOptions) (script: LoadedScript) : Task<TrialReport> =
        task {
            let loop = TrialLoop()

            let trial = {
                Loop = loop
                Recorder = TrialRecorder()
                Store = InMemoryStore(TrialClock loop)
                Options = options
                Source = script.Source
            }

            match parse options.Variables with
            | Error reason -> return report trial script.Definition TrialEnd.Refused reason
            | Ok variables ->
                let! ended, reason = run trial script.Definition variables
                return report trial script.Definition ended reason
        }
