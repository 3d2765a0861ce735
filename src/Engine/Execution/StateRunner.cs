using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>Runs the function of a state once, without a transaction, within its timeout.</summary>
internal sealed class StateRunner(
    IWorkflowStore store,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILoggerFactory loggers
)
{
    private readonly ILogger<StateRunner> log = loggers.CreateLogger<StateRunner>();

    /// <summary>Never throws: whatever happens is the outcome of the attempt.</summary>
    public async Task<Attempt> RunAsync(WorkflowRun run, StateDefinition state)
    {
        using var deadline = state.Timeout is { } limit ? new CancellationTokenSource(limit, clock) : null;
        using var either = deadline is null
            ? null
            : CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation, deadline.Token);
        var cancellation = either?.Token ?? run.Cancellation;
        var invoked = InvokeAsync(run.Workflow, state, cancellation);
        try
        {
            return await invoked.WaitAsync(cancellation);
        }
        catch (Exception) when (run.Cancellation.IsCancellationRequested)
        {
            _ = ObserveAsync(invoked, run.Workflow);
            return new Attempt.Abandoned();
        }
        catch (OperationCanceledException) when (deadline is { IsCancellationRequested: true })
        {
            _ = ObserveAsync(invoked, run.Workflow);
            return new Attempt.Failed(
                new TimeoutException($"State '{state.Name}' did not finish within {state.Timeout}.")
            );
        }
        catch (Exception failure)
        {
            return new Attempt.Failed(failure);
        }
    }

    private async Task<Attempt> InvokeAsync(
        WorkflowRecord workflow,
        StateDefinition state,
        CancellationToken cancellation
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var step = new StepContext(stop => LoadChildrenAsync(workflow.Id, stop))
        {
            WorkflowId = workflow.Id,
            ExternalId = workflow.ExternalId,
            BusinessKey = workflow.BusinessKey,
            WorkflowType = workflow.WorkflowType,
            State = workflow.State,
            Attempt = workflow.RetryCount + 1,
            StepKey = StepKey.Of(workflow),
            Variables = Variables.FromStore(workflow.StateVars),
            Logger = new StepLogger(loggers, workflow),
            Clock = clock,
            Services = scope.ServiceProvider,
            Cancellation = cancellation,
        };
        var next =
            await state.Function!(step)
            ?? throw new InvalidOperationException($"State '{state.Name}' returned null instead of a NextState.");
        return new Attempt.Succeeded(
            next,
            step.Variables.Changed ? step.Variables.ToJson() : null,
            step.CommitCallback
        );
    }

    private async Task<IReadOnlyList<ChildWorkflow>> LoadChildrenAsync(long workflowId, CancellationToken cancellation)
    {
        var children = await store.ChildrenAsync(workflowId, cancellation);
        return
        [
            .. children.Select(child => new ChildWorkflow(
                child.Id,
                child.ExternalId,
                child.WorkflowType,
                child.BusinessKey,
                child.Status,
                child.State,
                Variables.FromStore(child.StateVars)
            )),
        ];
    }

    /// <summary>A function that goes on after its outcome was given up: its exception is told, not lost.</summary>
    private async Task ObserveAsync(Task<Attempt> invoked, WorkflowRecord workflow)
    {
        try
        {
            await invoked;
        }
        catch (OperationCanceledException)
        {
            // It did what it was asked to.
        }
        catch (Exception failure)
        {
            log.AbandonedStateFailed(failure, workflow.Id, workflow.WorkflowType, workflow.State);
        }
    }
}
