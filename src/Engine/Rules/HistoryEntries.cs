namespace GopherFlow.Rules;

/// <summary>Creates history entries for the rules.</summary>
internal static class HistoryEntries
{
    /// <summary>Creates an entry for an event that changed a workflow.</summary>
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

    /// <summary>The cause of an entry that results from a signal.</summary>
    public static string CauseOf(string signal) => $"signal:{signal}";
}
