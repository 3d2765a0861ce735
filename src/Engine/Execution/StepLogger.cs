using GopherFlow.Rules;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>A logger that adds the ids of the workflow to each entry. It costs nothing until something is logged.</summary>
internal sealed class StepLogger(ILoggerFactory loggers, WorkflowRecord workflow) : ILogger
{
    private ILogger Inner => field ??= loggers.CreateLogger($"GopherFlow.Workflow.{workflow.WorkflowType}");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => Inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        using (
            Inner.BeginScope(
                new Dictionary<string, object>
                {
                    ["WorkflowId"] = workflow.Id,
                    ["ExternalId"] = workflow.ExternalId,
                    ["BusinessKey"] = workflow.BusinessKey,
                    ["State"] = workflow.State,
                    ["Attempt"] = workflow.RetryCount + 1,
                }
            )
        )
        {
            Inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
