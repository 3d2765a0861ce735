using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Deleting old data other than workflows, and the role of the executor that does it.</summary>
public sealed class LeftoverTests : StoreContract
{
    private const string Cleaner = "cleaner";

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly LeftoverLimits Limits = new(
        TimeSpan.FromDays(7),
        TimeSpan.FromDays(30),
        2,
        TimeSpan.FromDays(365),
        TimeSpan.FromDays(1),
        Limit: 2
    );

    [Theory, OnEveryStore]
    public async Task A_role_has_one_holder_until_its_lease_expires(StoreKind kind)
    {
        var scene = await OpenAsync(kind);

        Assert.True(await TakeAsync(scene, 1));
        Assert.False(await TakeAsync(scene, 2));
        scene.Pass(seconds: 40);
        Assert.True(await TakeAsync(scene, 1));
        scene.Pass(seconds: 60);
        Assert.False(await TakeAsync(scene, 2));
        Assert.True(await scene.Store.TakeRoleAsync(new RoleClaim("another", 2, Lease), Stop));
        scene.Pass(seconds: 1);

        Assert.True(await TakeAsync(scene, 2));
        Assert.False(await TakeAsync(scene, 1));
    }

    [Theory, OnEveryStore]
    public async Task Only_one_of_many_concurrent_requests_gets_the_role(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        IWorkflowStore[] stores = [scene.Store, await scene.AnotherStoreAsync()];

        var taken = await Task.WhenAll(
            Enumerable
                .Range(1, 8)
                .Select(id => Task.Run(() => stores[id % 2].TakeRoleAsync(new RoleClaim(Cleaner, id, Lease), Stop)))
        );

        Assert.Equal(1, taken.Count(got => got));
    }

    /// <summary>Uses the real clock of the database.</summary>
    [Theory, OnEveryStore]
    public async Task The_lease_of_a_role_uses_the_clock_of_the_database(StoreKind kind)
    {
        await using var database = await TestStore.OpenAsync(kind);
        var store = database.Workflows;

        Assert.True(await store.TakeRoleAsync(new RoleClaim(Cleaner, 1, TimeSpan.FromHours(1)), Stop));
        Assert.False(await store.TakeRoleAsync(new RoleClaim(Cleaner, 2, Lease), Stop));
        Assert.True(await store.TakeRoleAsync(new RoleClaim(Cleaner, 1, TimeSpan.FromHours(-1)), Stop));
        Assert.True(await store.TakeRoleAsync(new RoleClaim(Cleaner, 2, Lease), Stop));
    }

    [Theory, OnEveryStore]
    public async Task An_executor_that_ended_long_ago_and_owns_nothing_is_deleted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var early = await scene.RegisterAsync("early", Lease);
        var owner = await scene.RegisterAsync("owner", Lease);
        await scene.CreateAsync(A.Workflow("owned") with { ClaimedBy = owner });
        await scene.Store.DeregisterExecutorAsync(early, Stop);
        await scene.Store.DeregisterExecutorAsync(owner, Stop);
        scene.Pass(seconds: 1);
        var late = await scene.RegisterAsync("late", Lease);
        await scene.Store.DeregisterExecutorAsync(late, Stop);
        scene.PassUntil(scene.Now.AddDays(7));

        Assert.Equal(new Leftovers { Executors = 1 }, await DeleteAsync(scene));

        var kept = (await scene.Store.ExecutorsAsync(10, Stop)).Select(row => row.Id).Order();
        Assert.Equal([scene.Executor, owner, late], kept);
        await scene.RepairAsync();
    }

    [Theory, OnEveryStore]
    public async Task Expired_sessions_are_deleted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var accounts = scene.Accounts;
        await accounts.AddFirstUserAsync(new NewUser("admin", "hash", "admin", A.FirstInstant), null, Stop);
        var user = (await accounts.FindUserAsync("admin", Stop))!;
        await accounts.AddSessionAsync(new NewSession("old", user, A.FirstInstant, A.FirstInstant.AddHours(1)), Stop);
        await accounts.AddSessionAsync(new NewSession("new", user, A.FirstInstant, A.FirstInstant.AddHours(2)), Stop);
        scene.Pass(seconds: 3600);

        Assert.Equal(new Leftovers { Sessions = 1 }, await DeleteAsync(scene));

        // Queried with a time in the past, an expired session that is still stored would be found.
        Assert.Null(await accounts.FindSessionAsync("old", A.FirstInstant, Stop));
        Assert.NotNull(await accounts.FindSessionAsync("new", A.FirstInstant, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Old_audit_entries_are_deleted(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var action in (string[])["one", "two", "three"])
        {
            var entry = new AuditEntry
            {
                Actor = "ann",
                Action = action,
                Outcome = AuditOutcome.Done,
            };
            await scene.Audit.AppendAsync([entry], Stop);
        }

        scene.PassUntil(A.FirstInstant.AddDays(1));
        await scene.Audit.AppendAsync(
            [
                new AuditEntry
                {
                    Actor = "ann",
                    Action = "kept",
                    Outcome = AuditOutcome.Done,
                },
            ],
            Stop
        );
        scene.PassUntil(A.FirstInstant.AddDays(365));
        Assert.Equal(new Leftovers(), await DeleteAsync(scene));
        scene.Pass(seconds: 1);

        Assert.Equal(new Leftovers(), await DeleteAsync(scene, Limits with { Audit = TimeSpan.Zero }));
        Assert.Equal(new Leftovers { Audit = 2 }, await DeleteAsync(scene));
        Assert.Equal(new Leftovers { Audit = 1 }, await DeleteAsync(scene));
        Assert.Equal(new Leftovers(), await DeleteAsync(scene));

        Assert.Equal("kept", Assert.Single(await scene.Audit.SearchAsync(new AuditSearch(10), Stop)).Entry.Action);
    }

    [Theory, OnEveryStore]
    public async Task Signals_taken_long_ago_are_deleted_and_their_keys_can_be_reused(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("one");
        foreach (var key in (string[])["a", "b", "c"])
        {
            await scene.HappensAsync(workflow.Id, A.Signal("paid", key));
        }

        workflow = await scene.AgainAsync(workflow);
        var waiting = await scene.CommittedAsync(workflow.ParksUntil(scene.Now.AddDays(60)));
        await scene.HappensAsync(waiting.Id, new Cancelled("ann"));
        Assert.Equal(
            [("a", scene.Now), ("b", scene.Now), ("c", scene.Now)],
            (await scene.Store.TakenSignalsAsync(waiting.Id, Stop)).Select(signal => (signal.Key, signal.Taken))
        );
        await scene.MoveAsync(waiting, A.Move(A.FirstState));
        scene.PassUntil(scene.Now.AddDays(30));
        await scene.HappensAsync(waiting.Id, A.Signal("paid", "kept"));
        Assert.Equal(new Leftovers(), await DeleteAsync(scene));
        scene.Pass(seconds: 1);

        Assert.Equal(new Leftovers(), await DeleteAsync(scene, Limits with { Signals = TimeSpan.Zero }));
        Assert.Equal(new Leftovers { Signals = 2 }, await DeleteAsync(scene));
        Assert.Equal(new Leftovers { Signals = 1 }, await DeleteAsync(scene));
        Assert.Equal(new Leftovers(), await DeleteAsync(scene));

        await scene.HappensAsync(waiting.Id, A.Signal("paid", "a"));
        await scene.HappensAsync(waiting.Id, A.Signal("paid", "kept"));
        Assert.Equal(
            ["kept", "a"],
            (await scene.Store.SignalsAsync(new SignalSearch(waiting.Id), Stop)).Select(signal => signal.Key)
        );
    }

    [Theory, OnEveryStore]
    public async Task Old_versions_of_a_script_are_deleted_unless_in_use(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["unused", "ended", "used", "current", "newer", "newest"])
        {
            await DeployAsync(scene, "Credit", version);
            scene.Pass(seconds: 1);
        }

        await DeployAsync(scene, "Other", "only");
        await scene.Scripts.ActivateScriptAsync("Credit", "current", scene.Now, Stop);
        await scene.CreateAsync(A.Workflow("used") with { WorkflowType = "Credit", Version = "used" });
        var ended = await scene.CreateAsync(A.Workflow("ended") with { WorkflowType = "Credit", Version = "ended" });
        await scene.HappensAsync(ended.Creates[0].Id, new Cancelled("ann"));
        var revision = await scene.Scripts.RevisionAsync(Stop);

        Assert.Equal(new Leftovers(), await DeleteAsync(scene, Limits with { ScriptVersions = 0 }));
        Assert.Equal(new Leftovers { ScriptVersions = 2, Definitions = 1 }, await DeleteAsync(scene));

        Assert.Equal(revision + 1, await scene.Scripts.RevisionAsync(Stop));
        var versions = await scene.Scripts.ScriptVersionsAsync("Credit", Stop);
        Assert.Equal(["newest", "newer", "current", "used"], versions.Select(version => version.Version));
        var definitions = await scene.Store.DefinitionVersionsAsync("Credit", Stop);
        Assert.Equal(
            ["current", "newest", "newer", "used", "ended"],
            definitions.Select(definition => definition.Version)
        );
        Assert.Equal("current", (await scene.Scripts.FindScriptAsync("Credit", Stop))!.CurrentVersion);
        Assert.Single(await scene.Scripts.ScriptVersionsAsync("Other", Stop));

        Assert.Equal(new Leftovers(), await DeleteAsync(scene));
        Assert.Equal(revision + 1, await scene.Scripts.RevisionAsync(Stop));
    }

    [Theory, OnEveryStore]
    public async Task Definitions_that_are_not_scripts_stay(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["1", "2", "3", "4"])
        {
            await scene.Store.SaveDefinitionsAsync([A.Definition("Order", version)], scene.Now, Stop);
        }

        Assert.Equal(new Leftovers(), await DeleteAsync(scene));
        Assert.Equal(4, (await scene.Store.DefinitionVersionsAsync("Order", Stop)).Count);
    }

    private static Task<bool> TakeAsync(Scene scene, long executor) =>
        scene.Store.TakeRoleAsync(new RoleClaim(Cleaner, executor, Lease), Stop);

    private static Task<Leftovers> DeleteAsync(Scene scene, LeftoverLimits? limits = null) =>
        scene.Store.DeleteLeftoversAsync(limits ?? Limits, Stop);

    private static Task DeployAsync(Scene scene, string name, string version) =>
        scene.Scripts.DeployScriptAsync(
            A.Script(name, version) with
            {
                Created = scene.Now,
            },
            A.Definition(name, version),
            Stop
        );
}
