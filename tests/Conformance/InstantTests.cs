using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Instants are stored in UTC with microsecond precision.</summary>
public sealed class InstantTests : StoreContract
{
    private static readonly TimeSpan NewYork = TimeSpan.FromHours(-5);

    /// <summary>In another time zone, and more precise than a microsecond.</summary>
    private static readonly DateTimeOffset Given = new DateTimeOffset(2026, 3, 29, 1, 30, 0, NewYork).AddTicks(
        12_345_678
    );

    private static readonly DateTimeOffset Kept = new DateTimeOffset(2026, 3, 29, 6, 30, 0, TimeSpan.Zero).AddTicks(
        12_345_670
    );

    [Theory, OnEveryStore]
    public async Task Instants_of_a_workflow(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = await scene.Store.WriteAsync(
            new WriteBatch(
                [A.Workflow("order-1") with { NextActivation = Given, ClaimedBy = null }],
                [],
                scene.Executor,
                Given
            ),
            Stop
        );
        var workflow = await scene.FindAsync(created.Creates[0].Id);
        AssertKept(workflow.Created, workflow.Modified, workflow.NextActivation);
        AssertKept(created.Changes[0].NextActivation, created.Changes[0].Modified);

        var claim = await scene.ClaimAsync(A.Claim(scene.Executor, Given));
        AssertKept(claim.Claimed[0].Modified, claim.Changes[0].Modified);

        var parked = await scene.Store.WriteAsync(
            new WriteBatch([], [claim.Claimed[0].ParksUntil(Given)], scene.Executor, scene.Now),
            Stop
        );
        workflow = await scene.AgainAsync(workflow);
        AssertKept(workflow.NextActivation, parked.Changes[0].NextActivation);

        claim = await scene.ClaimAsync(A.Claim(scene.Executor, Given));
        await scene.Store.WriteAsync(new WriteBatch([], [claim.Claimed[0].Finishes()], scene.Executor, Given), Stop);
        var finished = await scene.AgainAsync(workflow);
        AssertKept(finished.Finished, finished.Modified);
        AssertKept((await scene.HistoryAsync(workflow))[^1].DateTime);
    }

    [Theory, OnEveryStore]
    public async Task Instants_of_releases_repairs_and_changes_by_hand(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var workflow = await scene.RunningAsync("order-1");

        var released = await scene.Store.HandBackAsync(scene.Executor, [A.ClaimOf(workflow)], Given, Stop);
        AssertKept(released[0].NextActivation, (await scene.AgainAsync(workflow)).NextActivation);

        await scene.Store.ClaimAsync(A.Claim(scene.Executor + 1000, Given), Stop);
        scene.PassUntil(Given);
        var repaired = await scene.Store.RepairAsync(new(scene.Executor, 10), Stop);
        AssertKept(repaired.Changes[0].NextActivation, (await scene.AgainAsync(workflow)).NextActivation);

        var moved = await WriteAsync(A.Move("Again") with { Due = Given });
        AssertKept(moved.Changes[0].NextActivation, (await scene.AgainAsync(workflow)).NextActivation);

        var set = await WriteAsync(A.Variable("a", "1"));
        AssertKept(set.Changes[0].Modified, (await scene.AgainAsync(workflow)).Modified);
        Assert.All((await scene.HistoryAsync(workflow)).Skip(1), action => AssertKept(action.DateTime));

        Task<WriteResult> WriteAsync(WorkflowEvent happened) =>
            scene.Store.WriteAsync(
                new WriteBatch([], [new EventFor(workflow.Id, happened)], ExecutorId: null, Given),
                Stop
            );
    }

    [Theory, OnEveryStore]
    public async Task Instants_of_executors_definitions_and_sessions(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.PassUntil(Given);
        var lease = TimeSpan.Zero;
        var (id, entered) = await scene.Store.RegisterExecutorAsync(A.Executor("one") with { Lease = lease }, Stop);
        AssertKept(entered);
        AssertExecutorKept((await scene.Store.ExecutorsAsync(10, Stop)).Single(row => row.Id == id));
        await scene.Store.HeartbeatAsync(new(id, lease), Stop);
        await scene.Store.DeregisterExecutorAsync(id, Stop);
        var executor = (await scene.Store.ExecutorsAsync(10, Stop)).Single(row => row.Id == id);
        AssertExecutorKept(executor);
        AssertKept(executor.Ended);

        await scene.Store.SaveDefinitionsAsync([A.Definition("Order", "v1")], Given, Stop);
        var definition = Assert.Single(await scene.Store.DefinitionsAsync(Stop));
        AssertKept(definition.Created, definition.Updated);

        await scene.Accounts.AddFirstUserAsync(new NewUser("admin", "hash", "admin", Given), null, Stop);
        var user = (await scene.Accounts.FindUserAsync("admin", Stop))!;
        await scene.Accounts.AddSessionAsync(new NewSession("early", user, Given.AddHours(-1), Given), Stop);
        var session = (await scene.Accounts.FindSessionAsync("early", Given.AddMicroseconds(-1), Stop))!;
        AssertKept(user.Created, session.Expires);
        Assert.Null(await scene.Accounts.FindSessionAsync("early", Given, Stop));
        await scene.Accounts.NoteSessionUseAsync(session.Id, Given, Stop);
        await scene.Accounts.AddSessionAsync(new NewSession("late", user, Given, Given.AddHours(1)), Stop);
        AssertKept((await scene.Accounts.FindUserAsync("admin", Stop))!.LastSignIn);
        Assert.Single(await scene.Accounts.SessionsAsync(user.Id, Given, Stop));
        session = (await scene.Accounts.FindSessionAsync("late", Given, Stop))!;
        AssertKept(session.Created, session.LastUsed);
    }

    [Theory, OnEveryStore]
    public async Task Instants_of_API_keys_and_audit_entries(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.PassUntil(Given);
        var accounts = scene.Accounts;
        await accounts.AddFirstUserAsync(new NewUser("admin", "hash", "admin", Given), null, Stop);
        var user = (await accounts.FindUserAsync("admin", Stop))!.Id;
        var added = (
            await accounts.AddApiKeyAsync(
                user,
                new NewApiKey("ci", "key", "gflow_ab", "viewer", Given) { Expires = Given },
                Stop
            )
        )!;
        AssertKept(added.Created, added.Expires);
        Assert.Null(await accounts.FindApiKeyAsync("key", Given, Stop));
        Assert.NotNull(await accounts.FindApiKeyAsync("key", Given.AddMicroseconds(-1), Stop));
        await accounts.NoteApiKeyUseAsync(added.Id, Given, Stop);
        AssertKept(Assert.Single(await accounts.ApiKeysAsync(user, Stop)).LastUsed);
        AssertKept((await accounts.RevokeApiKeyAsync(user, added.Id, Given, Stop))!.Revoked);

        await scene.Audit.AppendAsync(
            [
                new AuditEntry
                {
                    Actor = "ann",
                    Action = "user.create",
                    Outcome = AuditOutcome.Done,
                },
            ],
            Stop
        );
        AssertKept(Assert.Single(await scene.Audit.SearchAsync(new AuditSearch(10), Stop)).At);
    }

    [Theory, OnEveryStore]
    public async Task Instants_from_the_distant_past_to_the_end_of_the_calendar(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        DateTimeOffset[] instants =
        [
            new DateTimeOffset(1901, 2, 3, 4, 5, 6, TimeSpan.Zero).AddMicroseconds(7),
            DateTimeOffset.UnixEpoch.AddMicroseconds(-1),
            new DateTimeOffset(2038, 1, 19, 3, 14, 8, TimeSpan.Zero),
            new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999),
        ];
        foreach (var instant in instants)
        {
            var created = await scene.CreateAsync(A.Workflow($"{instant:O}") with { NextActivation = instant });
            Assert.Equal(instant, (await scene.FindAsync(created.Creates[0].Id)).NextActivation);
        }

        Assert.Equal(
            instants.Take(2),
            (await scene.Store.ClaimAsync(A.Claim(scene.Executor, scene.Now), Stop)).Claimed.Select(row =>
                DateTimeOffset.Parse(row.ExternalId, System.Globalization.CultureInfo.InvariantCulture)
            )
        );
    }

    private static void AssertExecutorKept(ExecutorRecord executor) =>
        AssertKept(executor.Started, executor.LastActive, executor.LeaseUntil);

    private static void AssertKept(params DateTimeOffset?[] instants) =>
        Assert.All(
            instants,
            instant => Assert.Equal((Kept.Ticks, TimeSpan.Zero), (instant!.Value.Ticks, instant.Value.Offset))
        );
}
