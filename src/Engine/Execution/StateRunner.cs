using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>Runs the function of a state once, outside of a transaction, on a thread for the author's code and with a timeout.</summary>
internal sealed class StateRunner(
    IWorkflowStore store,
    IServiceScopeFactory scopes,
    TimeSpan defaultTimeout,
    VariablesLimit variablesLimit,
    JsonSerializerOptions? variablesJson,
    CommitCallbacks callbacks,
    AuthorThreads threads,
    DatabaseClock clock,
    ILoggerFactory loggers
)
{
    private readonly ILogger<StateRunner> log = loggers.CreateLogger<StateRunner>();

    /// <summary>
    /// Runs one attempt. Never throws: exceptions become the outcome of the attempt. The task completes when the function has returned, the
    /// timeout has passed, or the run is cancelled, whichever comes first.
    /// </summary>
    public Task<Attempt> RunAsync(WorkflowRun run, WorkflowDefinition definition, StateDefinition state)
    {
        var timeout = state.Timeout ?? defaultTimeout;
        var call = new StateCall(run.Workflow, definition, state, run.Signal, timeout, clock.Now());
        run.Begin(call);
        threads.StartNext(() => _ = InvokeWithinAsync(call, timeout));
        return call.Outcome;
    }

    private async Task InvokeWithinAsync(StateCall call, TimeSpan timeout)
    {
        if (call.Outcome.IsCompleted)
        {
            call.Return(new Attempt.Abandoned());
            return;
        }

        Attempt attempt;
        try
        {
            using var timer = timeout == Timeout.InfiniteTimeSpan ? null : StartTimer(call, timeout);
            attempt = await InvokeAsync(call);
        }
        catch (Exception failure)
        {
            attempt = new Attempt.Failed(failure);
        }

        if (!call.Return(attempt) && attempt is Attempt.Failed { Reason: not OperationCanceledException } late)
        {
            log.AbandonedStateFailed(late.Reason, call.Workflow.Id, call.Workflow.WorkflowType, call.Workflow.State);
        }
    }

    private ITimer StartTimer(StateCall call, TimeSpan timeout) =>
        clock.CreateTimer(
            static state =>
            {
                var (threads, call) = ((AuthorThreads, StateCall))state!;
                if (call.TimeOut())
                {
                    threads.Cancel(call.Stop.Cancel, call.Workflow);
                }
            },
            (threads, call),
            timeout,
            Timeout.InfiniteTimeSpan
        );

    private async Task<Attempt> InvokeAsync(StateCall call)
    {
        var workflow = call.Workflow;
        call.Span = EngineTracing.StartStep(
            workflow.TraceParent,
            workflow.Id,
            workflow.WorkflowType,
            workflow.Version,
            workflow.State,
            workflow.RetryCount + 1
        );
        await using var scope = scopes.CreateAsyncScope();
        var step = new StepContext(
            stop => LoadChildrenAsync(workflow.Id, stop),
            stop => LoadResultsAsync(workflow.Id, stop)
        )
        {
            WorkflowId = workflow.Id,
            ExternalId = workflow.ExternalId,
            BusinessKey = workflow.BusinessKey,
            WorkflowType = workflow.WorkflowType,
            State = workflow.State,
            Attempt = workflow.RetryCount + 1,
            StepKey = StepKey.Of(workflow),
            StepNumber = workflow.Step,
            HasBegun = workflow.HasBegun,
            Signal = call.Signal,
            Variables = Variables.FromStore(workflow.StateVars, variablesJson),
            Logger = new StepLogger(loggers, workflow),
            Clock = clock,
            Services = scope.ServiceProvider,
            Cancellation = call.Stop.Token,
        };
        var next =
            await call.State.Function!(step)
            ?? throw new InvalidOperationException($"State '{call.State.Name}' returned null instead of a NextState.");
        var stateVars = next.Beginning?.ToJson() ?? (step.Variables.Changed ? step.Variables.ToJson() : null);
        if (stateVars is not null && !variablesLimit.Allows(stateVars))
        {
            throw new VariablesTooLargeException("The variables", stateVars, variablesLimit);
        }

        return new Attempt.Succeeded(
            next,
            stateVars,
            TraceOf(stateVars, next, step.Variables, call.Definition.Tracing),
            OutputOf(next, call),
            step.CommitCallback is { } callback ? callbacks.Limit(call, callback) : null
        );
    }

    private static string? TraceOf(string? stateVars, NextState next, Variables variables, VariableTracing tracing) =>
        stateVars is null ? null
        : next.Beginning is null ? VariableTrace.Of(variables.Changes, tracing)
        : VariableTrace.OfBeginning(stateVars, tracing);

    /// <summary>The result of the workflow as JSON, if the step sets one.</summary>
    private string? OutputOf(NextState next, StateCall call)
    {
        if (next.Output is not { } output)
        {
            return null;
        }

        if (!call.Definition.TryFind(next.Target, out var target) || !target.StatusOnArrival.IsFinal())
        {
            throw new InvalidOperationException(
                $"State '{call.State.Name}' sets a result but goes to '{next.Target}', which does not end the workflow."
            );
        }

        var json = output.ToJson(variablesJson);
        call.Definition.OutputContract?.Check(json, $"The result of state '{call.State.Name}'", variablesJson);
        return variablesLimit.Allows(json)
            ? json
            : throw new VariablesTooLargeException("The result", json, variablesLimit);
    }

    private async Task<IReadOnlyList<ChildResult>> LoadResultsAsync(long workflowId, CancellationToken cancellation)
    {
        var children = await store.ChildrenAsync(new ChildSearch(workflowId) { WithVariables = false }, cancellation);
        return
        [
            .. children.Select(child => new ChildResult(
                child.Id,
                child.ExternalId,
                child.WorkflowType,
                child.BusinessKey,
                child.Status,
                child.State,
                child.Finished,
                child.LastError,
                child.Output is null ? null : new WorkflowOutput(child.Output, variablesJson)
            )),
        ];
    }

    private async Task<IReadOnlyList<ChildWorkflow>> LoadChildrenAsync(long workflowId, CancellationToken cancellation)
    {
        var children = await store.ChildrenAsync(new ChildSearch(workflowId), cancellation);
        return
        [
            .. children.Select(child => new ChildWorkflow(
                child.Id,
                child.ExternalId,
                child.WorkflowType,
                child.BusinessKey,
                child.Status,
                child.State,
                Variables.FromStore(child.StateVars, variablesJson)
            )),
        ];
    }
}
