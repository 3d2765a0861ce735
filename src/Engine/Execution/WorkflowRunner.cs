using System.Diagnostics;
using System.Runtime.ExceptionServices;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Runs a claimed workflow from state to state until it parks, waits, ends, or is lost to another owner. A state never starts before the
/// commit of the previous one is durable.
/// </summary>
internal sealed class WorkflowRunner(
    DefinitionRegistry registry,
    StateRunner states,
    ChildPlanner children,
    SignalFinder signals,
    Committer committer,
    RunningWorkflows running,
    int stepsWithoutWait,
    Func<double> random,
    EngineMetrics metrics,
    EndedTally ended,
    DatabaseClock clock,
    ILogger<WorkflowRunner> log
)
{
    /// <summary>Runs a workflow. Never throws: errors are logged, and the repairer releases a claim that is still held.</summary>
    public async Task RunAsync(WorkflowRun run)
    {
        try
        {
            await RunStepsAsync(run);
        }
        catch (OperationCanceledException) when (run.IsDropped)
        {
            ReportCancelled(run.Workflow, span: null);
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
            await CommitAsync(run, StepPlanner.Unavailable(run.Workflow, reason), reason);
        }
    }

    /// <returns>Whether the run still owns the workflow.</returns>
    private async Task<bool> StepAsync(WorkflowRun run, WorkflowDefinition definition)
    {
        var before = run.Workflow;
        if (!definition.TryFind(before.State, out var state))
        {
            return await CommitAsync(run, StepPlanner.MissingState(before, definition));
        }

        run.Signal = await signals.FindAsync(before, run.Cancellation);
        if (run.Signal is null && before.KeptSignals.Meet(before.AwaitedSignals))
        {
            // The signal is gone, so another executor owns the workflow by now and takes its signals.
            ReportLeaseLost(before, span: null);
            return false;
        }

        if (run.Signal is null && before.DeadlineState is { } deadline)
        {
            return await CommitAsync(run, StepPlanner.Deadline(before, definition, deadline));
        }

        if (!state.Runs)
        {
            return await CommitAsync(run, StepPlanner.Arrival(definition, run, state));
        }

        if (stepsWithoutWait > 0 && run.Transitions >= stepsWithoutWait)
        {
            return await CommitAsync(run, StepPlanner.EndlessLoop(definition, before, stepsWithoutWait));
        }

        var began = clock.GetTimestamp();
        var attempt = await states.RunAsync(run, definition, state);
        var duration = clock.GetElapsedTime(began);
        using var span = run.Call?.Span;
        metrics.FunctionRan(before.WorkflowType, before.State, duration);
        if (attempt is Attempt.Abandoned)
        {
            ReportCancelled(before, span);
            return true;
        }

        return await CommitAttemptAsync(run, definition, state, attempt, duration, span);
    }

    private async Task<bool> CommitAttemptAsync(
        WorkflowRun run,
        WorkflowDefinition definition,
        StateDefinition state,
        Attempt attempt,
        TimeSpan duration,
        Activity? span
    )
    {
        try
        {
            var now = clock.Now();
            var trace = span?.Id ?? run.Workflow.TraceParent;
            var created = await children.PlanAsync(run.Workflow, attempt, trace, now, run.Cancellation);
            var commit = StepPlanner.Plan(definition, state, run, attempt, duration, created, random());
            return await CommitAsync(run, commit, (attempt as Attempt.Failed)?.Reason, span);
        }
        catch (Exception failure) when (attempt is Attempt.Succeeded && !run.IsDropped)
        {
            // If the outcome of the step cannot be written, that is a failed attempt like any other.
            return await CommitAttemptAsync(run, definition, state, new Attempt.Failed(failure), duration, span);
        }
    }

    private async Task<bool> CommitAsync(
        WorkflowRun run,
        EventFor step,
        Exception? failure = null,
        Activity? span = null
    )
    {
        var outcome = await committer.CommitAsync(step);
        switch (outcome)
        {
            case { Verdict: EventVerdict.Committed, Workflow: { } after }:
                Report(run.Workflow, after, step.Event, failure, span);
                run.Transitions += after.Step - run.Workflow.Step;
                run.Workflow = after;
                return after.Status == WorkflowStatus.Executing;
            case { Verdict: EventVerdict.Rejected, Reason: { } reason }:
                ExceptionDispatchInfo.Throw(reason);
                return false;
            default:
                ReportLeaseLost(run.Workflow, span);
                return false;
        }
    }

    private void Report(
        WorkflowRecord before,
        WorkflowRecord after,
        WorkflowEvent happened,
        Exception? failure,
        Activity? span
    )
    {
        var (outcome, error) = happened switch
        {
            StepFailed failed => (
                after.Status.IsFinal() || after.Step > before.Step ? "failed" : "retried",
                failed.Error
            ),
            StepRejected rejection => ("rejected", rejection.Error),
            StepGivenUp givenUp => ("given_up", givenUp.Error),
            Deferred deferral => ("deferred", deferral.Error),
            Arrived => ("arrived", null),
            DeadlinePassed => ("deadline_passed", null),
            _ => ("succeeded", null),
        };
        metrics.StepCommitted(before.WorkflowType, before.State, outcome);
        if (after.Status.IsFinal())
        {
            metrics.Ended(after.WorkflowType, after.Status.ToName());
            ended.Add(after.WorkflowType, after.Status);
        }

        span?.Settle(outcome, after.State, error?.ToString(), failure);
        if (error is null)
        {
            return;
        }

        if (after.Status.IsFinal())
        {
            log.WorkflowFailed(failure, after.Id, after.WorkflowType, before.State, error.ToString());
        }
        else
        {
            log.AttemptFailed(failure, after.Id, after.WorkflowType, before.State, after.RetryCount, error.ToString());
        }
    }

    private void ReportLeaseLost(WorkflowRecord workflow, Activity? span)
    {
        metrics.StepLostLease();
        span?.SettleDropped("lease_lost");
        log.LeaseLost(workflow.Id, workflow.WorkflowType, workflow.State, workflow.Lease);
    }

    private void ReportCancelled(WorkflowRecord workflow, Activity? span)
    {
        metrics.StepCancelled();
        span?.SettleDropped("cancelled");
        log.StepAbandoned(workflow.Id, workflow.WorkflowType, workflow.State, workflow.Lease);
    }
}
