using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>Turns the child requests of a step into new workflows, with the values that they inherit from their parent.</summary>
internal sealed class ChildPlanner(
    DefinitionCatalogue catalogue,
    IWorkflowStore store,
    VariablesLimit variablesLimit,
    DatabaseClock clock,
    ILogger<ChildPlanner> log
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Returns the children to write with the step.</summary>
    /// <exception cref="InvalidOperationException">
    /// The definition of a child does not exist or is disabled, or its external id is reserved.
    /// </exception>
    /// <exception cref="VariablesTooLargeException">The variables of a child are too large.</exception>
    public async ValueTask<IReadOnlyList<NewWorkflow>> PlanAsync(
        WorkflowRecord parent,
        Attempt attempt,
        string? traceParent,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (attempt is not Attempt.Succeeded { Next.Children: { Count: > 0 } requests })
        {
            return [];
        }

        var children = new List<NewWorkflow>(requests.Count);
        foreach (var request in requests)
        {
            if (catalogue.IsDisabled(request.WorkflowType))
            {
                throw new InvalidOperationException(
                    $"The definition '{request.WorkflowType}' of a child of state '{parent.State}' is disabled."
                );
            }

            if (ReservedIds.PrefixOf(request.ExternalId) is { } prefix)
            {
                throw new InvalidOperationException(
                    $"The external id '{request.ExternalId}' of a child of state '{parent.State}' begins with {prefix}, which is reserved for the engine."
                );
            }

            var definition =
                await FindAsync(request.WorkflowType, cancellation)
                ?? throw new InvalidOperationException(
                    $"There is no definition '{request.WorkflowType}' for a child of state '{parent.State}'."
                );
            var stateVars = request.Variables.ToJson();
            if (!variablesLimit.Allows(stateVars))
            {
                throw new VariablesTooLargeException(
                    $"The variables of a child of type {definition.Name}",
                    stateVars,
                    variablesLimit
                );
            }

            if (await catalogue.InputFaultOfAsync(definition.Name, stateVars, cancellation) is { } fault)
            {
                throw fault.Of($"The input of a child of type {definition.Name}");
            }

            children.Add(
                new NewWorkflow
                {
                    ExternalId = request.ExternalId ?? $"{StepKey.Of(parent)}/{children.Count + 1}",
                    WorkflowType = definition.Name,
                    Version = definition.Version,
                    BusinessKey = request.BusinessKey,
                    ExecutorGroup = request.ExecutorGroup ?? parent.ExecutorGroup,
                    Priority = Math.Clamp(
                        request.Priority ?? parent.Priority,
                        WorkflowPriority.First,
                        WorkflowPriority.Last
                    ),
                    State = definition.InitialState,
                    StateVars = stateVars,
                    Limit = definition.InitialLimit,
                    LimitKey = request.LimitKey,
                    NextActivation = now,
                    CreatedBy = $"workflow:{parent.Id}",
                    TraceParent = traceParent,
                    Tracing = definition.Tracing,
                }
            );
        }

        return children;
    }

    /// <summary>A transient database error is not the step's fault, so the query is retried until it succeeds.</summary>
    private async ValueTask<WorkflowDefinitionOutline?> FindAsync(string name, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await catalogue.FindAsync(name, cancellation);
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                log.DefinitionDelayed(trouble, name, pause);
                await Task.Delay(pause, clock, cancellation);
            }
        }
    }
}
