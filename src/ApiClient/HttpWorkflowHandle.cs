using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using GopherFlow.Authoring;

namespace GopherFlow.Client;

/// <summary>A workflow on a server.</summary>
/// <param name="api">The API client.</param>
/// <param name="json">The serializer options for values.</param>
/// <param name="key">Its external id.</param>
/// <param name="id">Its id; null until it is looked up.</param>
internal sealed class HttpWorkflowHandle(GopherFlowClient api, JsonSerializerOptions json, string key, long? id)
    : IWorkflowHandle
{
    private const int PageSize = 200;

    /// <summary>The id; 0 until it is looked up.</summary>
    private long known = id ?? 0;

    public string Key => key;

    public async Task<WorkflowSnapshot> QueryAsync(CancellationToken cancellation = default)
    {
        var workflow = await HttpWorkflowClient.CheckAsync(() => FindAsync(cancellation));
        Volatile.Write(ref known, workflow.Id);
        return SnapshotOf(workflow);
    }

    public async Task<WorkflowSnapshot> EndAsync(CancellationToken cancellation = default)
    {
        var workflow = await QueryAsync(cancellation);
        if (workflow.Status.IsFinal())
        {
            return workflow;
        }

        await foreach (var happened in ListenAsync(workflow.Id, cancellation))
        {
            if (happened)
            {
                workflow = await api.UntilAnsweredAsync(() => QueryAsync(cancellation), cancellation);
            }

            if (workflow.Status.IsFinal())
            {
                break;
            }
        }

        return workflow;
    }

    public async Task SignalAsync(
        string name,
        object? payload = null,
        string? signalKey = null,
        CancellationToken cancellation = default
    )
    {
        var signal = new SignalWorkflowRequest
        {
            Name = name,
            Key = signalKey,
            Payload = payload is null ? null : JsonSerializer.SerializeToElement(payload, payload.GetType(), json),
        };
        var workflow = await IdAsync(cancellation);
        await HttpWorkflowClient.CheckAsync(() => api.SignalWorkflowAsync(workflow, signal, cancellation));
    }

    public async Task CancelAsync(bool children = false, CancellationToken cancellation = default)
    {
        var cancel = new CancelWorkflowRequest { Children = children };
        var workflow = await IdAsync(cancellation);
        await HttpWorkflowClient.CheckAsync(() => api.CancelWorkflowAsync(workflow, cancel, cancellation));
    }

    public async IAsyncEnumerable<WorkflowHistoryItem> HistoryAsync(
        bool follow = false,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var workflow = await IdAsync(cancellation);
        var last = 0L;
        await using var changes = ListenAsync(long.Parse(workflow, CultureInfo.InvariantCulture), cancellation)
            .GetAsyncEnumerator(cancellation);
        do
        {
            // Read the status first: once it is final, the last entry of the history is written.
            var hasEnded = !follow || (await AskAsync(() => QueryAsync(cancellation))).Status.IsFinal();
            HistoryPage page;
            do
            {
                page = await AskAsync(() => PageAsync(workflow, last, cancellation));
                foreach (var entry in page.Entries)
                {
                    last = entry.Id;
                    yield return HistoryItemOf(entry);
                }
            } while (page.Next is not null);

            if (hasEnded)
            {
                yield break;
            }
        } while (await changes.MoveNextAsync());

        Task<T> AskAsync<T>(Func<Task<T>> call) => follow ? api.UntilAnsweredAsync(call, cancellation) : call();
    }

    /// <summary>Finds the workflow. The keys "." and ".." cannot be used in a URL, so they are searched for.</summary>
    private async Task<Workflow> FindAsync(CancellationToken cancellation)
    {
        if (key is not ("." or ".."))
        {
            return await api.GetWorkflowByExternalIdAsync(key, cancellation);
        }

        var search = new SearchWorkflowsRequest { ExternalId = key, WithVariables = false };
        var found = await api.SearchWorkflowsAsync(search, cancellation);
        return found.Workflows is [var workflow]
            ? await api.GetWorkflowAsync(workflow.Id, cancellation)
            : throw new WorkflowCallException(CallFailure.NotFound, $"There is no workflow with the key '{key}'.");
    }

    private Task<HistoryPage> PageAsync(string workflow, long after, CancellationToken cancellation)
    {
        var cursor = after == 0 ? null : after.ToString(CultureInfo.InvariantCulture);
        return HttpWorkflowClient.CheckAsync(() =>
            api.GetHistoryAsync(workflow, order: "oldest", limit: PageSize, cursor, cancellation)
        );
    }

    /// <summary>Yields an item whenever the workflow may have changed: true if it may have ended.</summary>
    private async IAsyncEnumerable<bool> ListenAsync(
        long workflow,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var liveEvent in api.ListenAsync(workflowId: workflow, cancellation: cancellation))
        {
            switch (liveEvent)
            {
                case LiveEvent.Listening or LiveEvent.Gap:
                    yield return true;
                    break;
                case LiveEvent.WorkflowChanged { Workflow: { } changed }:
                    yield return WorkflowStatusNames.Parse(changed.Status).IsFinal();
                    break;
            }
        }
    }

    private async Task<string> IdAsync(CancellationToken cancellation)
    {
        var workflow = Volatile.Read(ref known);
        return (workflow > 0 ? workflow : (await QueryAsync(cancellation)).Id).ToString(CultureInfo.InvariantCulture);
    }

    private WorkflowSnapshot SnapshotOf(Workflow workflow) =>
        new()
        {
            Id = workflow.Id,
            Key = workflow.ExternalId,
            WorkflowType = workflow.WorkflowType,
            Version = workflow.Version,
            BusinessKey = workflow.BusinessKey,
            Status = WorkflowStatusNames.Parse(workflow.Status),
            State = workflow.State,
            Due = workflow.NextActivation,
            LastError = workflow.LastError,
            Data = workflow.StateVars.GetRawText(),
            Result = workflow.Output.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
                ? null
                : workflow.Output.GetRawText(),
            Serialization = json,
        };

    private static WorkflowHistoryItem HistoryItemOf(HistoryEntry entry) =>
        new(
            entry.Id,
            entry.At,
            entry.Kind,
            entry.From,
            entry.To,
            WorkflowStatusNames.Parse(entry.Status),
            entry.Actor,
            [.. entry.Lines.Select(line => line.Text)]
        );
}
