using System.Globalization;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Crash;

/// <summary>
/// Sends signals, pauses, resumes, retries and cancels during the blows, over a separate connection. Records what was acknowledged, and
/// what may have happened without an answer.
/// </summary>
internal sealed class Operators(IWorkflowStore store, IJobStore jobs, int seed)
{
    private const string Actor = "operator";
    private const int Everything = 1_000_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly Random random = new(seed);
    private readonly HashSet<long> cancelled = [];
    private int sent;

    /// <summary>Tracks the signals.</summary>
    public SignalBook Signals { get; } = new();

    /// <summary>Tracks the jobs.</summary>
    public JobBook Jobs { get; } = new(jobs, seed);

    /// <summary>Whether a workflow may be cancelled, because a cancel was requested.</summary>
    public bool MayBeCancelled(WorkflowRecord workflow) =>
        cancelled.Contains(workflow.Id) || Jobs.MayBeCancelled(workflow);

    /// <summary>The number of committed operations of each kind.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>Makes random operations for some time.</summary>
    public async Task InterfereAsync(TimeSpan time, CancellationToken stop)
    {
        var until = DateTimeOffset.UtcNow + time;
        while (DateTimeOffset.UtcNow < until)
        {
            await Task.Delay(Rest, stop);
            try
            {
                await InterfereAsync(stop);
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                // The database is busy or down. The operation may still have been committed.
            }
        }
    }

    /// <summary>Resumes everything that is paused.</summary>
    public async Task ResumeAllAsync(CancellationToken stop)
    {
        var search = new WorkflowSearch
        {
            Filter = new() { Statuses = [WorkflowStatus.Paused] },
            Limit = Everything,
            MaxRowsRead = Everything,
        };
        foreach (var paused in (await store.SearchAsync(search, stop)).Workflows)
        {
            await WriteAsync("resume", paused, new Resumed(TargetOf(paused), Actor), stop);
        }
    }

    private async Task InterfereAsync(CancellationToken stop)
    {
        var some = (await store.SearchAsync(new WorkflowSearch { Limit = 300 }, stop)).Workflows;
        var unfinished = some.Where(workflow => !workflow.Status.IsFinal()).ToList();
        if (unfinished.Count == 0)
        {
            return;
        }

        var anyone = unfinished[random.Next(unfinished.Count)];
        switch (random.Next(22))
        {
            case >= 20:
                await Jobs.InterfereAsync(stop);
                break;
            case < 11 when unfinished.FindAll(each => each.WorkflowType == Workload.Parcel) is { Count: > 0 } parcels:
                await SendAsync(parcels[random.Next(parcels.Count)], stop);
                break;
            case < 14:
                await WriteAsync("pause", anyone, new Paused(Actor), stop);
                break;
            case < 16 when unfinished.Find(each => each.Status == WorkflowStatus.Paused) is { } paused:
                await WriteAsync("resume", paused, new Resumed(TargetOf(paused), Actor), stop);
                break;
            case < 19 when unfinished.Find(each => each.RetryCount > 0) is { } failing:
                await WriteAsync("retry", failing, new Retried(TargetOf(failing), Actor), stop);
                break;
            // Children of a family are never cancelled, because their parent needs them.
            case 19 when anyone is { ParentWorkflowId: null, WorkflowType: Workload.Order or Workload.Parcel }:
                cancelled.Add(anyone.Id);
                await WriteAsync("cancel", anyone, new Cancelled(Actor), stop);
                break;
        }
    }

    /// <summary>A signal with a key is sent until there is an answer, and then once more, which must change nothing.</summary>
    private async Task SendAsync(WorkflowRecord parcel, CancellationToken stop)
    {
        var payload = (++sent).ToString(CultureInfo.InvariantCulture);
        var key = random.Next(2) == 0 ? $"payment-{payload}" : null;
        var signal = new Signalled(new NewSignal(Workload.Paid, key, payload), Actor);
        Signals.Ask(parcel.Id);
        if (key is null)
        {
            Signals.Answer(parcel.Id, await WriteAsync("signal", parcel, signal, stop));
            return;
        }

        Signals.Answer(parcel.Id, await PersistentlyAsync(parcel, signal, stop));
        await WriteAsync("signal again", parcel, signal, stop);
    }

    private async Task<EventVerdict> PersistentlyAsync(WorkflowRecord parcel, Signalled signal, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await WriteAsync("signal", parcel, signal, stop);
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                await Task.Delay(Rest, stop);
            }
        }
    }

    private async Task<EventVerdict> WriteAsync(
        string what,
        WorkflowRecord workflow,
        WorkflowEvent happened,
        CancellationToken stop
    )
    {
        var batch = new WriteBatch([], [new EventFor(workflow.Id, happened)], null, DateTimeOffset.UtcNow);
        var verdict = (await store.WriteAsync(batch, stop)).Events[0].Verdict;
        Done[what] = Done.GetValueOrDefault(what) + (verdict == EventVerdict.Committed ? 1 : 0);
        return verdict;
    }

    private static TargetState TargetOf(WorkflowRecord workflow)
    {
        Workload.Registry.TryFind(workflow.WorkflowType, out var definition);
        definition!.TryFind(workflow.State, out var state);
        return new TargetState(state!.Name, state.StatusOnArrival);
    }
}
