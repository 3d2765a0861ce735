using GopherFlow.Client;

namespace GopherFlow.Tool.Takeover;

/// <summary>Counts the results of a takeover.</summary>
internal sealed class TakeoverTally
{
    private readonly Dictionary<GoKind, int> created = [];
    private readonly Dictionary<GoKind, int> existed = [];
    private readonly List<(GoWorkflow Workflow, string Reason)> refused = [];

    /// <summary>Adds the server's result for a workflow.</summary>
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

    /// <summary>Adds a workflow that cannot be taken over.</summary>
    public void Refuse(GoWorkflow workflow, string reason) => refused.Add((workflow, reason));

    /// <summary>Creates the report.</summary>
    /// <param name="dryRun">Whether nothing was stored.</param>
    /// <param name="counts">The counts of all workflows in the Go system.</param>
    /// <param name="alive">Descriptions of the live executors of the Go system.</param>
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
