using System.Runtime.CompilerServices;
using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Operations;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Client;

/// <summary>A handle that calls the engine in the same process.</summary>
internal sealed class EngineWorkflowHandle(EngineCalls calls, string key) : IWorkflowHandle
{
    private const int PageSize = 200;

    public string Key => key;

    public async Task<WorkflowSnapshot> QueryAsync(CancellationToken cancellation = default) =>
        SnapshotOf(await FindAsync(cancellation));

    public async Task<WorkflowSnapshot> EndAsync(CancellationToken cancellation = default)
    {
        var id = (await FindAsync(cancellation)).Id;
        return SnapshotOf(await calls.Workflows.EndAsync(id, cancellation) ?? throw NotFound());
    }

    public async Task SignalAsync(
        string name,
        object? payload = null,
        string? signalKey = null,
        CancellationToken cancellation = default
    )
    {
        var signal = new SendSignal
        {
            ExternalId = key,
            Name = name,
            Key = signalKey,
            Payload = payload is null
                ? "null"
                : JsonSerializer.Serialize(payload, payload.GetType(), calls.Serialization),
            Actor = EngineWorkflowClient.Actor,
        };
        Check((await EngineCalls.CheckAsync(() => calls.Signals.SendAsync(signal, cancellation))).Verdict);
    }

    public async Task CancelAsync(bool children = false, CancellationToken cancellation = default)
    {
        var cancel = new CancelWorkflow
        {
            WorkflowId = (await FindAsync(cancellation)).Id,
            Children = children,
            Actor = EngineWorkflowClient.Actor,
        };
        Check((await calls.Interventions.CancelAsync(cancel, cancellation)).Workflow.Verdict);
    }

    public async IAsyncEnumerable<WorkflowHistoryItem> HistoryAsync(
        bool follow = false,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var id = (await FindAsync(cancellation)).Id;
        using var changes = follow ? calls.Workflows.Subscribe(id) : null;
        var last = 0L;
        while (true)
        {
            // Read the status before the history: once the workflow has ended, its last entry is written.
            var hasEnded = await calls.Store.FindAsync(id, cancellation) is not { } row || row.Status.IsFinal();
            IReadOnlyList<ActionRecord> page;
            do
            {
                page = await calls.Store.ActionsAsync(new ActionSearch(id, PageSize) { AfterId = last }, cancellation);
                foreach (var action in page)
                {
                    last = action.Id;
                    yield return HistoryItemOf(action);
                }
            } while (page.Count == PageSize);
            if (changes is null || hasEnded)
            {
                yield break;
            }

            await changes.ReadAsync(cancellation);
        }
    }

    private async Task<WorkflowRecord> FindAsync(CancellationToken cancellation) =>
        await calls.Store.FindByExternalIdAsync(key, cancellation) ?? throw NotFound();

    private void Check(OperationVerdict verdict)
    {
        switch (verdict)
        {
            case OperationVerdict.NotFound:
                throw NotFound();
            case OperationVerdict.Conflict:
                throw new WorkflowCallException(
                    CallFailure.Conflict,
                    $"The workflow '{key}' has ended, or already keeps the maximum number of signals."
                );
        }
    }

    private WorkflowCallException NotFound() => new(CallFailure.NotFound, $"There is no workflow '{key}'.");

    private WorkflowSnapshot SnapshotOf(WorkflowRecord workflow) =>
        new()
        {
            Id = workflow.Id,
            Key = workflow.ExternalId,
            WorkflowType = workflow.WorkflowType,
            Version = workflow.Version,
            BusinessKey = workflow.BusinessKey,
            Status = workflow.Status,
            State = workflow.State,
            Due = workflow.NextActivation,
            LastError = workflow.LastError,
            Data = workflow.StateVars,
            Result = workflow.Output,
            Serialization = calls.Serialization,
        };

    private static WorkflowHistoryItem HistoryItemOf(ActionRecord action) =>
        new(
            action.Id,
            action.DateTime,
            action.Entry.Kind.ToName(),
            action.Entry.From,
            action.Entry.To,
            action.Entry.Status,
            action.Entry.Actor,
            [.. ActionLine.Of(action).Select(line => line.Text)]
        );
}
