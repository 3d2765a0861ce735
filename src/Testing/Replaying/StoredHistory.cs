using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Testing.Replaying;

/// <summary>Reads a history from a store, page by page.</summary>
internal static class StoredHistory
{
    private const int PageSize = 1000;

    public static async Task<IReadOnlyList<RunEntry>> ReadAsync(
        IWorkflowStore store,
        long workflowId,
        CancellationToken cancellation
    )
    {
        var entries = new List<RunEntry>();
        while (true)
        {
            var search = new ActionSearch(workflowId, PageSize) { AfterId = entries.Count > 0 ? entries[^1].Id : 0 };
            var page = await store.ActionsAsync(search, cancellation).ConfigureAwait(false);
            entries.AddRange(page.Select(EntryOf));
            if (page.Count < PageSize)
            {
                return entries;
            }
        }
    }

    public static RunEntry EntryOf(ActionRecord action)
    {
        var entry = action.Entry;
        return new RunEntry
        {
            Id = action.Id,
            At = action.DateTime,
            Kind = entry.Kind.ToName(),
            From = entry.From,
            To = entry.To,
            Status = entry.Status.ToName(),
            Step = entry.Step,
            RetryCount = entry.RetryCount,
            Due = entry.Due,
            DurationSeconds = entry.Duration?.TotalSeconds,
            Cause = entry.Cause,
            Actor = entry.Actor,
            Error = entry.Error,
            Details = entry.Details,
            Variables = entry.Changes is { } changes ? VariablesOf(VariableTrace.Parse(changes)) : null,
        };
    }

    private static RunVariables VariablesOf(VariableTrace trace) =>
        new()
        {
            Whole = trace.IsWhole,
            Set = trace.Set,
            Removed = trace.Removed,
            Omitted = trace.Omitted,
        };
}
