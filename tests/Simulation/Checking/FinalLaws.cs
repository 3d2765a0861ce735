using GopherFlow.Storage.InMemory;
using GopherFlow.TestSupport;

namespace GopherFlow.Simulation;

/// <summary>What must hold for the store when the faults have ended and everything has finished.</summary>
internal sealed class FinalLaws(
    InMemoryStore rows,
    Workload workload,
    Callers callers,
    Operators operators,
    Senders senders,
    JobWatch jobs,
    ScheduleWatch schedules
)
{
    private const string TransitionTo = " to ";

    public async Task<IReadOnlyList<string>> BrokenAsync()
    {
        var search = new WorkflowSearch { Limit = int.MaxValue };
        var workflows = (await rows.SearchAsync(search, CancellationToken.None)).Workflows;
        var violations = new List<string>(await StoreInvariants.FindAsync(rows, workload.Registry));
        foreach (var workflow in workflows)
        {
            violations.AddRange(OfRest(workflow));
            var history = await HistoryAsync(workflow);
            violations.AddRange(OfLedger(workflow, history));
            violations.AddRange(OfBeginnings(workflow, history));
        }

        violations.AddRange(await jobs.BrokenAsync());
        violations.AddRange(await schedules.BrokenAsync());
        violations.AddRange(OfPromises(workflows));
        violations.AddRange(OfSignals([.. workflows, .. workload.Course.Removed.Values]));
        violations.AddRange(OfSideTable([.. workflows, .. workload.Course.Removed.Values]));
        return violations;
    }

    /// <summary>Every workflow has finished: there is a live executor, and people have moved what waited for them.</summary>
    private static IEnumerable<string> OfRest(WorkflowRecord workflow)
    {
        if (!workflow.Status.IsFinal())
        {
            yield return $"workflow {workflow.Id} ({workflow.WorkflowType}) has not finished: {workflow.Status} in {workflow.State}, "
                + $"due {workflow.NextActivation:HH:mm:ss.fff}, owner {workflow.ExecutorId}, {workflow.OpenChildren} open children";
        }
    }

    /// <summary>The ledger in the variables has the same steps as the history: each once, none lost, no failed attempts.</summary>
    private static IEnumerable<string> OfLedger(WorkflowRecord workflow, IReadOnlyList<ActionRecord> history)
    {
        var variables = Variables.Parse(workflow.StateVars);
        var made = new List<(int Number, string State)>();
        var number = 0;
        foreach (var action in history)
        {
            var entry = action.Entry;
            if (entry.Kind == HistoryKind.ContinuedAnew)
            {
                made.Clear();
                number = Ledger.ReadBeginning(variables).FirstStep;
            }
            else if (entry.Kind == HistoryKind.Transition)
            {
                made.Add((number++, entry.From!));
            }
            else if (
                entry.Kind is HistoryKind.StateChanged or HistoryKind.DeadlinePassed or HistoryKind.RunAgain
                || (entry.From is { } from && from != entry.To)
            )
            {
                number++;
            }
        }

        var (steps, count) = Ledger.Read(variables);
        if (steps != Ledger.Of(made))
        {
            yield return $"workflow {workflow.Id}: its ledger is '{steps}', its history '{Ledger.Of(made)}'";
        }

        if (count != made.Count)
        {
            yield return $"workflow {workflow.Id}: it counted {count} steps, but made {made.Count}";
        }
    }

    /// <summary>
    /// Each new beginning has the variables that it was given, and the history has the current generation and the previous one.
    /// </summary>
    private IEnumerable<string> OfBeginnings(WorkflowRecord workflow, IReadOnlyList<ActionRecord> history)
    {
        var (made, told) = (workload.Course.BeginningsOf(workflow.Id), history.Count(IsBeginning));
        var (entered, _) = Ledger.ReadBeginning(Variables.Parse(workflow.StateVars));
        if (workload.Course.KnowsAllOf(workflow.Id) && entered != made)
        {
            yield return $"workflow {workflow.Id} says that it began anew {entered} times, but did so {made} times";
        }

        if (told != Math.Min(entered, 2) || (entered > 1 && !IsBeginning(history[0])))
        {
            yield return $"workflow {workflow.Id} began anew {entered} times, but its history has {told} beginnings";
        }
    }

    private static bool IsBeginning(ActionRecord action) => action.Entry.Kind == HistoryKind.ContinuedAnew;

    /// <summary>OnCommit callbacks have written one row for each committed step that registered one.</summary>
    private IEnumerable<string> OfSideTable(IReadOnlyList<WorkflowRecord> workflows)
    {
        var asked = workflows.SelectMany(workflow => Ledger.ReadBeside(Variables.Parse(workflow.StateVars))).Order();
        var written = workload.SideTable.Rows.Order();
        if (!asked.SequenceEqual(written))
        {
            yield return $"OnCommit callbacks wrote rows of the steps {string.Join(' ', written)}, but the steps that registered one are {string.Join(' ', asked)}";
        }
    }

    /// <summary>
    /// Every acknowledged signal has reached its workflow, which keeps it until a step takes it. The ledger in the variables has the same
    /// signals as were taken, each once.
    /// </summary>
    private IEnumerable<string> OfSignals(IReadOnlyList<WorkflowRecord> workflows)
    {
        foreach (
            var (id, payload) in senders.Acknowledged.Where(each =>
                !workload.Course.HasReached(each.WorkflowId, each.Payload)
            )
        )
        {
            yield return $"workflow {id}: signal {payload} was acknowledged, but is lost";
        }

        foreach (var workflow in workflows.Where(each => workload.Course.KnowsAllOf(each.Id)))
        {
            var entered = Ledger.ReadTaken(Variables.Parse(workflow.StateVars));
            var taken = workload.Course.TakenByFunctions(workflow.Id);
            if (!entered.SequenceEqual(taken))
            {
                yield return $"workflow {workflow.Id} says that it took the signals {string.Join(' ', entered)}, but took {string.Join(' ', taken)}";
            }
        }
    }

    /// <summary>Everything acknowledged to a caller has happened.</summary>
    private IEnumerable<string> OfPromises(IReadOnlyList<WorkflowRecord> workflows)
    {
        var byExternalId = workflows.ToDictionary(workflow => workflow.ExternalId);
        var deleted = workload.Course.Removed;
        foreach (var id in operators.Deleted.Where(id => workflows.Any(workflow => workflow.Id == id)))
        {
            yield return $"workflow {id} was deleted, but still exists";
        }

        foreach (var (externalId, id) in callers.Created.Where(each => !deleted.ContainsKey(each.Value)))
        {
            if (!byExternalId.TryGetValue(externalId, out var workflow) || workflow.Id != id)
            {
                yield return $"'{externalId}' was acknowledged as workflow {id}, but is {workflow?.Id}";
            }
        }

        foreach (var (id, key) in callers.Set.Where(each => !deleted.ContainsKey(each.Id)))
        {
            if (
                workflows.First(workflow => workflow.Id == id) is var workflow
                && !workflow.StateVars.Contains(key, StringComparison.Ordinal)
            )
            {
                yield return $"workflow {id}: variable {key}, set by hand, is lost";
            }
        }
    }

    private async Task<IReadOnlyList<ActionRecord>> HistoryAsync(WorkflowRecord workflow) =>
        [.. (await rows.ActionsAsync(new ActionSearch(workflow.Id, int.MaxValue), CancellationToken.None)).Reverse()];
}
