using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Takes a claimed workflow from state to state until it parks, rests, is final, or is lost to another. The next state never
/// starts before the commit of the one before is durable.
/// </summary>
internal sealed class WorkflowRunner(
    DefinitionRegistry registry,
    StateRunner states,
    ChildPlanner children,
    Committer committer,
    RunningWorkflows running,
    int stepsWithoutWait,
    Func<double> random,
    DatabaseClock clock,
    ILogger<WorkflowRunner> log
)
{
    /// <summary>Never throws: what goes wrong is logged, and a claim that is still held is given back by the repairer.</summary>
    public async Task RunAsync(WorkflowRun run)
    {
        try
        {
            await RunStepsAsync(run);
        }
        catch (OperationCanceledException) when (run.IsDropped)
        {
            var dropped = run.Workflow;
            log.StepAbandoned(dropped.Id, dropped.WorkflowType, dropped.State, dropped.Lease);
        }
        catch (Exception failure)
        {
            log.RunFailed(failure, run.Workflow.Id, run.Workflow.WorkflowType, run.Workflow.State);
        }
        finally
        {
            running.Remove(run);
        }
    }

    private async Task RunStepsAsync(WorkflowRun run)
    {
        try
        {
            using var use = await registry.OpenAsync(
                new DefinitionKey(run.Workflow.WorkflowType, run.Workflow.Version),
                run.Cancellation
            );
            while (!run.IsDropped && await StepAsync(run, use.Definition) && !running.Draining) { }
        }
        catch (DefinitionUnavailableException reason)
        {
            await CommitAsync(run, StepPlanner.Unavailable(run.Workflow, reason, clock.Now()));
        }
    }

    /// <returns>Whether the workflow is still this run's.</returns>
    private async Task<bool> StepAsync(WorkflowRun run, WorkflowDefinition definition)
    {
        var before = run.Workflow;
        if (!definition.TryFind(before.State, out var state))
        {
            return await CommitAsync(run, StepPlanner.MissingState(before, definition));
        }

        if (!state.Runs)
        {
            return await CommitAsync(run, StepPlanner.Arrival(before, state));
        }

        if (stepsWithoutWait > 0 && run.Transitions >= stepsWithoutWait)
        {
            return await CommitAsync(run, StepPlanner.EndlessLoop(before, stepsWithoutWait));
        }

        var attempt = await states.RunAsync(run, state);
        if (attempt is Attempt.Abandoned)
        {
            log.StepAbandoned(before.Id, before.WorkflowType, before.State, before.Lease);
            return true;
        }

        return await CommitAttemptAsync(run, definition, state, attempt);
    }

    private async Task<bool> CommitAttemptAsync(
        WorkflowRun run,
        WorkflowDefinition definition,
        StateDefinition state,
        Attempt attempt
    )
    {
        try
        {
            var now = clock.Now();
            var created = await children.PlanAsync(run.Workflow, attempt, now, run.Cancellation);
            var commit = StepPlanner.Plan(definition, state, run.Workflow, attempt, created, now, random());
            return await CommitAsync(run, commit);
        }
        catch (Exception failure) when (attempt is Attempt.Succeeded && !run.IsDropped)
        {
            // What the step asked for cannot be written: that is a failed attempt like any other.
            return await CommitAttemptAsync(run, definition, state, new Attempt.Failed(failure));
        }
    }

    private async Task<bool> CommitAsync(WorkflowRun run, StepCommit commit)
    {
        var outcome = await committer.CommitAsync(commit);
        switch (outcome.Verdict)
        {
            case StepVerdict.Rejected:
                throw outcome.Reason!;
            case StepVerdict.LeaseLost:
                log.LeaseLost(run.Workflow.Id, run.Workflow.WorkflowType, run.Workflow.State, run.Workflow.Lease);
                return false;
            default:
                Report(commit);
                run.Workflow = After(commit);
                run.Transitions += commit.Advances ? 1 : 0;
                return commit.Status == WorkflowStatus.Executing;
        }
    }

    private void Report(StepCommit commit)
    {
        EngineMetrics.Steps.Add(1);
        switch (commit.Status)
        {
            case WorkflowStatus.Failed or WorkflowStatus.Error when !commit.Advances:
                log.WorkflowFailed(commit.Before.Id, commit.Before.WorkflowType, commit.State, commit.Actions[0].Text);
                break;
            case WorkflowStatus.InProgress when !commit.Advances:
                log.AttemptFailed(
                    commit.Before.Id,
                    commit.Before.WorkflowType,
                    commit.State,
                    commit.RetryCount,
                    commit.Actions[0].Text
                );
                break;
        }
    }

    /// <summary>The workflow as the commit left it, for the next step of the same run.</summary>
    private static WorkflowRecord After(StepCommit commit) =>
        commit.Before with
        {
            State = commit.State,
            Status = commit.Status,
            Step = commit.Before.Step + (commit.Advances ? 1 : 0),
            RetryCount = commit.RetryCount,
            ExecutionCount = commit.Before.ExecutionCount + 1,
            OpenChildren = commit.Before.OpenChildren + commit.Children.Count,
            StateVars = commit.StateVars ?? commit.Before.StateVars,
        };
}
