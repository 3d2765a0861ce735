using GopherFlow.Authoring;
using GopherFlow.Storage;

namespace GopherFlow.Bench.Runs;

/// <summary>The searches that the console's workflow list can make: each condition alone, and common combinations.</summary>
internal static class LargeSearches
{
    private static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Began.AddDays(50);

    /// <summary>All searches with their names.</summary>
    /// <param name="now">The current instant, for conditions about waiting.</param>
    public static IReadOnlyList<(string Name, WorkflowSearch Search)> All(DateTimeOffset now) =>
        [
            .. Filters()
                .Select(filter =>
                    (
                        filter.Name,
                        new WorkflowSearch
                        {
                            Filter = filter.Filter,
                            Now = now,
                            Limit = 100,
                            WithVariables = false,
                        }
                    )
                ),
        ];

    private static IEnumerable<(string Name, WorkflowFilter Filter)> Filters()
    {
        WorkflowFilter any = new();
        yield return ("nothing", any);
        yield return ("a type", any with { WorkflowTypes = ["Type7"] });
        yield return ("three types", any with { WorkflowTypes = ["Type7", "Type8", "Type40"] });
        yield return ("an unknown type", any with { WorkflowTypes = ["None"] });
        yield return ("a version", any with { Versions = ["v1"] });
        yield return ("an unknown version", any with { Versions = ["v9"] });
        yield return ("a business key", any with { BusinessKey = "customer-000777" });
        yield return ("the beginning of 10 keys", any with { BusinessKeyPrefix = "customer-00077" });
        yield return ("the beginning of 100 keys", any with { BusinessKeyPrefix = "customer-0007" });
        yield return ("the beginning of 1,000 keys", any with { BusinessKeyPrefix = "customer-000" });
        yield return ("the beginning of all keys", any with { BusinessKeyPrefix = "customer-" });
        yield return ("the beginning of no key", any with { BusinessKeyPrefix = "supplier-" });
        yield return ("the children of one", any with { ParentWorkflowId = 1_000_000 });
        yield return ("without a parent", any with { WithoutParent = true });
        foreach (var state in (string[])["Done", "Refused", "Charge", "Approval", "Nowhere"])
        {
            yield return ($"in {state}", any with { States = [state] });
            yield return ($"a type in {state}", any with { WorkflowTypes = ["Type7"], States = [state] });
            yield return (
                $"the beginning of 100 keys in {state}",
                any with
                {
                    BusinessKeyPrefix = "customer-0007",
                    States = [state],
                }
            );
        }

        foreach (var status in Enum.GetValues<WorkflowStatus>())
        {
            yield return ($"{status}", any with { Statuses = [status] });
            yield return ($"a type that is {status}", any with { WorkflowTypes = ["Type7"], Statuses = [status] });
            yield return (
                $"the beginning of 100 keys that are {status}",
                any with
                {
                    BusinessKeyPrefix = "customer-0007",
                    Statuses = [status],
                }
            );
        }

        foreach (var reason in Enum.GetValues<WaitReason>())
        {
            yield return ($"waits for {reason}", any with { WaitsFor = [reason] });
        }

        foreach (var group in (string[])["default", "reports", "none"])
        {
            yield return ($"the group {group}", any with { ExecutorGroups = [group] });
            yield return (
                $"failed in the group {group}",
                any with
                {
                    ExecutorGroups = [group],
                    Statuses = [WorkflowStatus.Failed],
                }
            );
        }

        foreach (
            var (span, length) in ((string, TimeSpan)[])
                [("an hour", TimeSpan.FromHours(1)), ("a month", TimeSpan.FromDays(30))]
        )
        {
            var end = Later + length;
            yield return ($"created in {span} long ago", any with { CreatedFrom = Later, CreatedBefore = end });
            yield return ($"changed in {span} long ago", any with { ModifiedFrom = Later, ModifiedBefore = end });
            yield return ($"ended in {span}", any with { FinishedFrom = Later, FinishedBefore = end });
            yield return (
                $"a type that failed in {span}",
                any with
                {
                    WorkflowTypes = ["Type7"],
                    Statuses = [WorkflowStatus.Failed],
                    FinishedFrom = Later,
                    FinishedBefore = end,
                }
            );
        }

        yield return (
            "a type, a version, a state, a status and a group",
            any with
            {
                WorkflowTypes = ["Type7"],
                Versions = ["v1"],
                States = ["Charge"],
                Statuses = [WorkflowStatus.Failed],
                ExecutorGroups = ["reports"],
            }
        );
        yield return ("the oldest page", any with { IdTo = 100 });
        yield return ("the oldest page of a type", any with { WorkflowTypes = ["Type7"], IdTo = 4_100 });
    }
}
