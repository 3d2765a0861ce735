namespace GopherFlow.Rules;

/// <summary>Begins the history entries of the rules.</summary>
internal static class HistoryEntries
{
    /// <summary>An entry about what left a workflow as it is now.</summary>
    public static HistoryEntry Of(HistoryKind kind, WorkflowRecord before, WorkflowRecord after) =>
        new()
        {
            Kind = kind,
            From = before.State,
            To = after.State,
            Status = after.Status,
            Step = before.Step,
            ExecutionCount = after.ExecutionCount,
            RetryCount = after.RetryCount,
            Due = after.NextActivation,
        };

    /// <summary>A signal as the cause of something.</summary>
    public static string CauseOf(string signal) => $"signal:{signal}";
}
