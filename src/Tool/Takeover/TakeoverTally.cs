using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>Counts what becomes of workflows.</summary>
internal sealed class TakeoverTally
{
    private readonly Dictionary<GoKind, int> created = [];
    private readonly Dictionary<GoKind, int> existed = [];
    private readonly List<(GoWorkflow Workflow, string Reason)> refused = [];

    /// <summary>What the server said of one.</summary>
    public void Add(GoWorkflow workflow, ImportedWorkflow outcome)
    {
        if (outcome.Reason is { } reason)
        {
            Refuse(workflow, reason);
            return;
        }

        var counts = outcome.Outcome == "EXISTED" ? existed : created;
        var kind = GoKind.Of(workflow);
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
    }

    /// <summary>One cannot be taken over.</summary>
    public void Refuse(GoWorkflow workflow, string reason) => refused.Add((workflow, reason));

    /// <summary>The sum of it.</summary>
    /// <param name="dryRun">Whether nothing was done.</param>
    /// <param name="counts">All that the Go system has.</param>
    /// <param name="alive">What runs of the Go system, in words.</param>
    public TakeoverReport Report(bool dryRun, IEnumerable<GoCount> counts, IReadOnlyList<string> alive)
    {
        var refusals = refused
            .GroupBy(each => GoKind.Of(each.Workflow))
            .ToDictionary(kind => kind.Key, kind => kind.Count());
        return new TakeoverReport(
            dryRun,
            alive,
            [
                .. counts.Select(count => new TakeoverLine(
                    count.Kind.Type,
                    count.Kind.State,
                    count.Kind.Status,
                    count.Workflows,
                    created.GetValueOrDefault(count.Kind),
                    existed.GetValueOrDefault(count.Kind),
                    refusals.GetValueOrDefault(count.Kind)
                )),
            ],
            [
                .. refused
                    .OrderBy(each => each.Workflow.Id)
                    .Select(each => new RefusedTakeover(
                        each.Workflow.Id,
                        each.Workflow.ExternalId,
                        each.Workflow.Type,
                        each.Workflow.State,
                        each.Reason
                    )),
            ]
        );
    }
}
