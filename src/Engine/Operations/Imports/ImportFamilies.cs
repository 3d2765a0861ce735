namespace GopherFlow.Operations.Imports;

/// <summary>Groups the workflows of an import into families. A family is imported as a whole or not at all.</summary>
internal static class ImportFamilies
{
    /// <summary>Links children to their parents, and refuses families that are incomplete.</summary>
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
                member.Refuse($"parentExternalId: expected a workflow of the same request, but got '{parent}'.");
            }
        }

        var reached = new HashSet<ImportMember>();
        foreach (var root in members.Where(member => member.Parent is null))
        {
            SettleFamily(FamilyOf(root, reached));
        }

        foreach (var member in members.Where(member => !reached.Contains(member)))
        {
            member.Refuse("parentExternalId: its ancestors form a cycle.");
        }
    }

    private static void SettleFamily(List<ImportMember> family)
    {
        if (family.Find(member => member.IsRefused) is { } refused)
        {
            foreach (var member in family.Where(member => member.IsCreated))
            {
                member.Refuse(
                    $"It belongs to the family of '{refused.Request.ExternalId}', which is refused: {refused.Outcome.Reason}"
                );
            }
        }
        else if (family.Exists(member => !member.IsCreated))
        {
            foreach (var member in family.Where(member => member.IsCreated))
            {
                member.Refuse("Its family was already imported without it.");
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
