namespace GopherFlow.Scripts.Tests

open System
open System.Threading
open GopherFlow.Authoring
open GopherFlow.Definitions
open GopherFlow.Operations
open GopherFlow.Rules
open GopherFlow.Storage
open Expecto
open GopherFlow.TestSupport

/// Helpers that run the real engine over SQLite on a virtual clock.
module Engine =

    let start (definitions: WorkflowDefinition list) =
        EngineHarness.StartAsync(
            StoreKind.Sqlite,
            fun flow ->
                for definition in definitions do
                    flow.AddDefinition definition |> ignore
        )

    let create (engine: EngineHarness) (workflowType: string) (variables: string) =
        engine.CreateAsync(workflowType, variables = Variables.Parse variables)

    /// Waits until a workflow is parked in a state and due after the given span, and advances the clock by it.
    let pass (engine: EngineHarness) (id: int64) (state: string) (wait: TimeSpan) =
        task {
            let due = engine.Clock.GetUtcNow() + wait

            let! parked =
                engine.UntilAsync(
                    id,
                    fun workflow ->
                        workflow.Status = WorkflowStatus.InProgress
                        && workflow.NextActivation = Nullable due
                )

            Expect.equal parked.State state "state"
            engine.Clock.Advance wait
        }

    let ends (engine: EngineHarness) (id: int64) (state: string) (status: WorkflowStatus) =
        task {
            let! ended = engine.UntilAsync(id, status)
            Expect.equal ended.State state "state"
            return Variables.Parse ended.StateVars
        }

    /// Moves a workflow by hand and sets variables.
    let moveWith (engine: EngineHarness) (id: int64) (state: string) (variables: VariableChange list) =
        task {
            let! result =
                engine.Interventions.MoveAsync(
                    MoveWorkflow(WorkflowId = id, State = state, Variables = variables, Actor = "ann"),
                    CancellationToken.None
                )

            Expect.equal result.Verdict OperationVerdict.Changed "verdict"
        }

    let move engine id state = moveWith engine id state []

    /// The LOG lines of the history.
    let logs (engine: EngineHarness) (id: int64) =
        task {
            let! history = engine.HistoryAsync id

            return
                history
                |> Seq.filter (fun entry -> entry.StartsWith("LOG", StringComparison.Ordinal))
                |> List.ofSeq
        }

    /// The targets of all transitions in order, separated by spaces.
    let path (engine: EngineHarness) (id: int64) =
        task {
            let! history = engine.HistoryAsync id

            return
                history
                |> Seq.filter (fun entry -> entry.StartsWith("TRANSITION", StringComparison.Ordinal))
                |> Seq.map (fun entry -> entry.Substring(entry.LastIndexOf(" to ", StringComparison.Ordinal) + 4))
                |> String.concat " "
        }
