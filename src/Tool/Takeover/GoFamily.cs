namespace GopherFlow.Tool.Takeover;

/// <summary>A workflow with its descendants, or one that stands alone. It is taken over as a whole or not at all.</summary>
internal sealed class GoFamily(IReadOnlyList<GoWorkflow> members)
{
    /// <summary>Its members, the smallest id first.</summary>
    public IReadOnlyList<GoWorkflow> Members { get; } = members;

    /// <summary>The length of all its variables.</summary>
    public long Length { get; } = members.Sum(member => member.VariablesLength);

    /// <summary>
    /// Puts workflows together with their parents. A parent that is not among them has ended: its children stand alone.
    /// </summary>
    public static IEnumerable<GoFamily> Of(IReadOnlyList<GoWorkflow> workflows)
    {
        var byId = workflows.ToDictionary(workflow => workflow.Id);
        return workflows
            .GroupBy(workflow => RootOf(workflow, byId).Id)
            .Select(family => new GoFamily([.. family.OrderBy(member => member.Id)]));
    }

    /// <summary>Puts families together until a request is full.</summary>
    public static IEnumerable<List<GoFamily>> InBatches(IEnumerable<GoFamily> families, int members, long length)
    {
        var batch = new List<GoFamily>();
        foreach (var family in families)
        {
            var isFull =
                batch.Sum(other => other.Members.Count) + family.Members.Count > members
                || batch.Sum(other => other.Length) + family.Length > length;
            if (isFull && batch.Count > 0)
            {
                yield return batch;
                batch = [];
            }

            batch.Add(family);
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private static GoWorkflow RootOf(GoWorkflow workflow, Dictionary<long, GoWorkflow> byId)
    {
        // A parent is older than its child, so its id is smaller: this ends.
        while (workflow.ParentId is { } id && id < workflow.Id && byId.TryGetValue(id, out var parent))
        {
            workflow = parent;
        }

        return workflow;
    }
}
