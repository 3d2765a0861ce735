using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Rules;
using Microsoft.Extensions.Logging.Abstractions;

namespace GopherFlow.Engine.Tests.Sagas;

/// <summary>
/// Runs a workflow from state to state with only the planner and the rule, without an executor or a store. A crash is a step whose
/// function has run but whose result was not written.
/// </summary>
internal sealed class PlannedSaga(WorkflowDefinition definition, string stateVars = "{}")
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The committed states in order, with repetitions.</summary>
    public List<string> Path { get; } = [];

    /// <summary>The entries of the history.</summary>
    public List<HistoryEntry> History { get; } = [];

    public WorkflowRecord Workflow { get; private set; } =
        WorkflowRule
            .Create(
                new NewWorkflow
                {
                    ExternalId = "trip",
                    WorkflowType = definition.Name,
                    Version = definition.Version,
                    BusinessKey = "trip",
                    ExecutorGroup = "default",
                    State = definition.InitialState,
                    NextActivation = Now,
                    ClaimedBy = 1,
                    StateVars = stateVars,
                },
                parentId: null,
                Now
            )
            .Workflow;

    /// <summary>Runs the workflow until it neither runs nor waits for a retry.</summary>
    /// <param name="crashes">The attempts, counted from 0, that crash.</param>
    public async Task<PlannedSaga> RunAsync(params int[] crashes)
    {
        for (var attempt = 0; Workflow.Status is WorkflowStatus.Executing or WorkflowStatus.InProgress; attempt++)
        {
            Assert.True(attempt < 1000, "The workflow does not end.");
            Workflow = Workflow with { Status = WorkflowStatus.Executing, ExecutorId = 1 };
            var happened = await AttemptAsync();
            if (crashes.Contains(attempt))
            {
                continue;
            }

            Path.Add(Workflow.State);
            Write(happened);
        }

        return this;
    }

    /// <summary>Applies an event, such as an operation of a person.</summary>
    public PlannedSaga Then(WorkflowEvent happened)
    {
        Write(happened);
        return this;
    }

    private void Write(WorkflowEvent happened)
    {
        var ruling = Assert.IsType<Ruling.Written>(WorkflowRule.Decide(Workflow, happened, Now));
        Workflow = ruling.After;
        History.AddRange(ruling.History);
    }

    private async Task<WorkflowEvent> AttemptAsync()
    {
        Assert.True(definition.TryFind(Workflow.State, out var state));
        var step = new StepContext(_ => throw new NotSupportedException(), _ => throw new NotSupportedException())
        {
            WorkflowId = 1,
            ExternalId = Workflow.ExternalId,
            BusinessKey = Workflow.BusinessKey,
            WorkflowType = Workflow.WorkflowType,
            State = Workflow.State,
            Attempt = Workflow.RetryCount + 1,
            StepKey = StepKey.Of(Workflow),
            StepNumber = Workflow.Step,
            HasBegun = Workflow.HasBegun,
            Variables = Variables.FromStore(Workflow.StateVars),
            Logger = NullLogger.Instance,
            Clock = TimeProvider.System,
            Services = null!,
            Cancellation = CancellationToken.None,
        };
        Attempt attempt;
        try
        {
            var next = await state.Function!(step);
            attempt = new Attempt.Succeeded(
                next,
                next.Beginning?.ToJson() ?? (step.Variables.Changed ? step.Variables.ToJson() : null),
                null,
                null,
                null
            );
        }
        catch (Exception failure)
        {
            attempt = new Attempt.Failed(failure);
        }

        return StepPlanner
            .Plan(definition, state, new WorkflowRun(Workflow), attempt, TimeSpan.Zero, [], random: 0.5)
            .Event;
    }
}
