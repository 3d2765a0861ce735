using System.Diagnostics;
using GopherFlow.Definitions;
using GopherFlow.Rules;
using GopherFlow.Storage;
using GopherFlow.Stores.MySql;
using GopherFlow.TestSupport;

namespace GopherFlow.Crash.Tests;

/// <summary>Tests that need a cluster. Blows to a cluster are part of the crash command.</summary>
[Collection(OneAtATime.Name)]
public sealed class GaleraTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Explicit, because a cluster starts slowly.</summary>
    [Fact(Explicit = true)]
    public async Task Executors_on_two_servers_never_both_own_a_workflow()
    {
        Assert.SkipUnless(GaleraCluster.IsHere, "Galera is not installed (Debian: apt-get install galera-4).");
        await using var cluster = await GaleraCluster.StartAsync(Stop);
        await using var one = new MySqlStore(cluster.ConnectionString(0, 1));
        await using var other = new MySqlStore(cluster.ConnectionString(1, 0));
        await one.InitializeAsync(Stop);
        await other.InitializeAsync(Stop);
        Workload.Registry.TryFind(Workload.Order, out var definition);
        await one.WriteAsync(new WriteBatch(NewOrders(definition!), [], null, DateTimeOffset.UtcNow), Stop);

        var verdicts = await Task.WhenAll(
            Enumerable
                .Range(1, 6)
                .Select(number => ClaimAndReleaseAsync(number % 2 == 0 ? one : other, number, definition!))
        );

        Assert.Equal([EventVerdict.Committed], verdicts.SelectMany(each => each).Distinct());
        await StoreInvariants.CheckAsync(one, Workload.Registry);
    }

    private static IReadOnlyList<NewWorkflow> NewOrders(WorkflowDefinition definition) =>
        [
            .. Enumerable
                .Range(0, 100)
                .Select(number => new NewWorkflow
                {
                    ExternalId = $"order-{number}",
                    WorkflowType = definition.Name,
                    Version = definition.Version,
                    BusinessKey = "orders",
                    ExecutorGroup = "default",
                    State = definition.InitialState,
                    NextActivation = DateTimeOffset.UtcNow.AddMinutes(-1),
                }),
        ];

    /// <summary>Claims and releases workflows. A release succeeds only for the sole owner.</summary>
    private static async Task<IReadOnlyList<EventVerdict>> ClaimAndReleaseAsync(
        MySqlStore store,
        int executor,
        WorkflowDefinition definition
    )
    {
        var verdicts = new List<EventVerdict>();
        var began = Stopwatch.GetTimestamp();
        var key = new DefinitionKey(definition.Name, definition.Version);
        while (Stopwatch.GetElapsedTime(began) < Duration)
        {
            var now = DateTimeOffset.UtcNow;
            var claim = new ClaimRequest(executor, [key], ["default"], 5, now);
            var claimed = (await PersistentlyAsync(() => store.ClaimAsync(claim, Stop), store)).Claimed;
            IReadOnlyList<EventFor> handBacks =
            [
                .. claimed.Select(row => new EventFor(row.Id, new HandedBack(row.Lease)) { Known = row }),
            ];
            if (handBacks.Count > 0)
            {
                var batch = new WriteBatch([], handBacks, executor, now);
                var written = await PersistentlyAsync(() => store.WriteAsync(batch, Stop), store);
                verdicts.AddRange(written.Events.Select(outcome => outcome.Verdict));
            }
        }

        return verdicts;
    }

    private static async Task<T> PersistentlyAsync<T>(Func<Task<T>> call, MySqlStore store)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception conflict) when (store.IsTransient(conflict)) { }
        }
    }
}
