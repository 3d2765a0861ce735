namespace GopherFlow.Operations.Imports;

/// <summary>Puts the families of an import together. One is imported as a whole or not at all.</summary>
internal static class ImportFamilies
{
    /// <summary>Joins children with their parents, and refuses what is not whole.</summary>
    public static void Settle(IReadOnlyList<ImportMember> members)
    {
        var byExternalId = members
            .GroupBy(member => member.Request.ExternalId, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
        foreach (var same in byExternalId.Values.Where(same => same.Count > 1))
        {
            same.ForEach(member =>
                member.Refuse($"externalId: {same.Count} workflows of the request have '{member.Request.ExternalId}'.")
            );
        }

        foreach (var member in members)
        {
            if (member.Request.ParentExternalId is not { } parent)
            {
                continue;
            }

            if (byExternalId.TryGetValue(parent, out var found))
            {
                member.PutBelow(found[0]);
            }
            else
            {
                member.Refuse($"parentExternalId: expected a workflow of the same request, but '{parent}' came.");
            }
        }

        var reached = new HashSet<ImportMember>();
        foreach (var root in members.Where(member => member.Parent is null))
        {
            SettleFamily(FamilyOf(root, reached));
        }

        foreach (var member in members.Where(member => !reached.Contains(member)))
        {
            member.Refuse("parentExternalId: its ancestors form a circle.");
        }
    }

    private static void SettleFamily(List<ImportMember> family)
    {
        if (family.Find(member => member.IsRefused) is { } refused)
        {
            foreach (var member in family.Where(member => member.IsCreated))
            {
                member.Refuse(
                    $"It is of one family with '{refused.Request.ExternalId}', which is refused: {refused.Outcome.Reason}"
                );
            }
        }
        else if (family.Exists(member => !member.IsCreated))
        {
            foreach (var member in family.Where(member => member.IsCreated))
            {
                member.Refuse("Its family was imported before, without it.");
            }
        }
    }

    private static List<ImportMember> FamilyOf(ImportMember root, HashSet<ImportMember> reached)
    {
        var family = new List<ImportMember>();
        var open = new Stack<ImportMember>([root]);
        while (open.TryPop(out var member))
        {
            reached.Add(member);
            family.Add(member);
            member.Children.ForEach(open.Push);
        }

        return family;
    }
}
