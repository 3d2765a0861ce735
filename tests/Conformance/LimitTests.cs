using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance;

/// <summary>Who gets permits, in which order, and when they are free again.</summary>
public sealed class LimitTests : StoreContract
{
    private static readonly StateLimit Own = new(AsksEachTime: true, PerKey: false);
    private static readonly TargetState Limited = new(A.FirstState, WorkflowStatus.Executing) { Limit = Own };

    public static TheoryData<StoreKind, string> Ends
    {
        get
        {
            var data = new TheoryData<StoreKind, string>();
            foreach (var kind in StoreKinds.Here)
            {
                foreach (
                    var end in (string[])
                        [
                            "finish",
                            "go on",
                            "fail",
                            "retry",
                            "park",
                            "wait for a person",
                            "cancel",
                            "pause and end",
                            "hand back",
                            "move by hand",
                            "set a variable",
                        ]
                )
                {
                    data.Add(kind, end);
                }
            }

            return data;
        }
    }

    [Theory, OnEveryStore]
    public async Task A_claim_without_permits_passes_over_what_needs_one(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("limited", "a") with { ClaimedBy = scene.Executor }, A.Workflow("free"));

        var claimed = await scene.ClaimAsync();

        Assert.Equal(["free"], Names(claimed.Claimed));
        Assert.Null(claimed.NextDue);
        Assert.Empty(await scene.Store.UpcomingAsync([A.Of(A.Type)], 10, Stop));
        Assert.Empty(await scene.Store.FirstDueAsync([A.Of(A.Type)], Stop));
    }

    [Theory, OnEveryStore]
    public async Task There_are_never_more_permits_than_the_limit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 9).Select(number => OfKey($"order-{number}", "a"))]);

        var first = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));
        var second = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));

        Assert.Equal(["order-0", "order-1", "order-2"], Names(first.Claimed));
        Assert.True(first.HasWaiters);
        Assert.Empty(second.Claimed);
        Assert.True(second.HasWaiters);
        foreach (var row in first.Claimed)
        {
            Assert.Equal((WorkflowStatus.Executing, scene.Executor), (row.Status, row.ExecutorId));
            Assert.Equal(row, await scene.AgainAsync(row));
        }

        await scene.CommittedAsync(first.Claimed[1].Finishes());
        Assert.Equal(["order-3"], Names((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)))).Claimed));
    }

    [Theory, OnEveryStore]
    public async Task Keys_take_turns_whatever_one_of_them_has_waiting(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(1, 20).Select(number => OfKey($"a{number}", "a"))]);
        await scene.CreateAsync(OfKey("b1", "b"), OfKey("b2", "b"), OfKey("c1", "c"));
        var order = new List<string>();

        for (var turn = 0; turn < 8; turn++)
        {
            scene.Pass(seconds: 1);
            var claimed = (await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)))).Claimed;
            order.AddRange(Names(claimed));
            await scene.CommittedAsync(Assert.Single(claimed).Finishes());
        }

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3", "a4", "a5"], order);
    }

    [Theory, OnEveryStore]
    public async Task Each_key_has_its_own_permits_besides_those_of_all(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([
            .. Enumerable
                .Range(0, 12)
                .Select(number => OfKey($"{(char)('a' + (number % 4))}{number / 4}", $"{number % 4}")),
        ]);
        var limits = OfType(WorkflowLimit.Concurrency(1, perKey: true), WorkflowLimit.Concurrency(3));

        var first = await GrantAsync(scene, limits);
        var none = await GrantAsync(scene, limits);
        await scene.CommittedAsync(first.Claimed[0].Finishes());
        var next = await GrantAsync(scene, limits);

        Assert.Equal(["a0", "b0", "c0"], Names(first.Claimed));
        Assert.Empty(none.Claimed);
        Assert.Equal(["d0"], Names(next.Claimed));
    }

    [Theory, OnEveryStore]
    public async Task States_are_counted_apart(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("pay 1", "k") with
            {
                State = "Pay",
            },
            OfKey("pay 2", "k") with
            {
                State = "Pay",
            },
            OfKey("ship 1", "k") with
            {
                State = "Ship",
            },
            OfKey("ship 2", "k") with
            {
                State = "Ship",
            }
        );
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>> { ["Pay"] = [WorkflowLimit.Concurrency(1)] }
        );

        var claimed = await GrantAsync(scene, limits);

        Assert.Equal(["pay 1", "ship 1", "ship 2"], Names(claimed.Claimed).Order());
    }

    [Theory, OnEveryStore]
    public async Task Who_waits_for_a_full_state_is_told_while_another_state_has_room(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>>
            {
                ["Pay"] = [WorkflowLimit.Concurrency(1)],
                ["Ship"] = [WorkflowLimit.Concurrency(5)],
            }
        );
        await scene.CreateAsync(InState("pay 1", "Pay"), InState("pay 2", "Pay"));
        var paying = Assert.Single((await GrantAsync(scene, limits)).Claimed);
        await scene.CreateAsync(InState("ship 1", "Ship"));

        var whileFull = await GrantAsync(scene, limits);
        await scene.CommittedAsync(paying.Finishes());
        await GrantAsync(scene, limits);
        await scene.CreateAsync(InState("ship 2", "Ship"));
        var nobodyLeft = await GrantAsync(scene, limits);

        Assert.Equal(["ship 1"], Names(whileFull.Claimed));
        Assert.True(whileFull.HasWaiters);
        Assert.Equal(["ship 2"], Names(nobodyLeft.Claimed));
        Assert.False(nobodyLeft.HasWaiters);

        static NewWorkflow InState(string externalId, string state) => OfKey(externalId, "k") with { State = state };
    }

    [Theory, OnEveryStore]
    public async Task A_full_state_is_not_taken_for_a_full_type(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = new LimitSet(
            [],
            new Dictionary<string, IReadOnlyList<WorkflowLimit>>
            {
                ["Pay"] = [WorkflowLimit.Concurrency(1)],
                ["Ship"] = [WorkflowLimit.Concurrency(5)],
            }
        );
        await scene.CreateAsync(InPay("pay 1"), InPay("pay 2"));

        var first = await GrantAsync(scene, limits);
        var second = await GrantAsync(scene, limits);
        var ofType = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)));

        Assert.Equal((1, false), (first.Claimed.Count, first.IsFull));
        Assert.Equal((0, false, true), (second.Claimed.Count, second.IsFull, second.HasWaiters));
        Assert.Equal(["Pay"], second.FullStates);
        Assert.True(ofType.IsFull);

        static NewWorkflow InPay(string externalId) => OfKey(externalId, "k") with { State = "Pay" };
    }

    [Theory, OnEveryStore]
    public async Task A_rate_lets_so_many_begin_and_then_one_after_the_other(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 6).Select(number => OfKey($"order-{number}", "a"))]);
        var limits = OfType(WorkflowLimit.Rate(2, Per.Minute));

        var first = await GrantAsync(scene, limits);
        var began = scene.Now;
        Assert.Equal(2, first.Claimed.Count);
        Assert.Equal(began.AddSeconds(30), first.NextLook);
        scene.Pass(seconds: 29);
        Assert.Empty((await GrantAsync(scene, limits)).Claimed);
        scene.Pass(seconds: 1);
        Assert.Single((await GrantAsync(scene, limits)).Claimed);
        scene.Pass(seconds: 600);
        Assert.Equal(2, (await GrantAsync(scene, limits)).Claimed.Count);
    }

    [Theory, OnEveryStore]
    public async Task What_is_due_later_waits_and_says_when(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("later", "a") with { NextActivation = scene.Now.AddSeconds(20) });

        var early = await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)));
        Assert.Empty(early.Claimed);
        Assert.Equal((false, false), (early.HasWaiters, early.IsFull));
        Assert.Equal(scene.Now.AddSeconds(20), early.NextLook);
        scene.Pass(seconds: 20);
        Assert.Single((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(3)))).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task Only_what_can_run_here_is_granted_a_permit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("other version", "a") with
            {
                Version = A.NextVersion,
            },
            OfKey("other group", "a") with
            {
                ExecutorGroup = "slow",
            },
            OfKey("other type", "a") with
            {
                WorkflowType = "Alien",
            },
            OfKey("mine", "b")
        );

        Assert.Equal(["mine"], Names((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(9)))).Claimed));
    }

    [Theory, MemberData(nameof(Ends))]
    public async Task A_permit_is_free_again(StoreKind kind, string end)
    {
        var scene = await OpenAsync(kind);
        var limits = OfType(WorkflowLimit.Concurrency(1));
        await scene.CreateAsync(OfKey("first", "a"), OfKey("second", "b"));
        var row = Assert.Single((await GrantAsync(scene, limits)).Claimed);
        Assert.Empty((await GrantAsync(scene, limits)).Claimed);

        await EndAsync(scene, row, end);

        Assert.Equal(["second"], Names((await GrantAsync(scene, limits)).Claimed));
    }

    [Theory, OnEveryStore]
    public async Task The_permit_of_a_dead_owner_counts_until_it_is_taken_over(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = OfType(WorkflowLimit.Concurrency(1));
        await scene.CreateAsync(OfKey("first", "a"), OfKey("second", "b"));
        var dead = await scene.RegisterAsync("dead", TimeSpan.FromSeconds(10));
        var row = Assert.Single((await GrantAsync(scene, limits, dead)).Claimed);
        scene.Pass(seconds: 11);

        Assert.Empty((await GrantAsync(scene, limits)).Claimed);
        Assert.Single(await scene.RepairAsync());
        Assert.Equal(
            (Permit.Needed, scene.Now),
            ((await scene.AgainAsync(row)).Permit, (await scene.AgainAsync(row)).NextActivation)
        );
        Assert.Empty((await scene.ClaimAsync()).Claimed);
        Assert.Single((await GrantAsync(scene, limits)).Claimed);
    }

    [Theory, OnEveryStore]
    public async Task A_step_to_a_limited_state_waits_there(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var running = await scene.RunningAsync("order-1");

        var parked = await scene.CommittedAsync(running.GoesTo("Pay") with { Target = Limited with { Name = "Pay" } });

        Assert.Equal(
            (WorkflowStatus.InProgress, (long?)null, (DateTimeOffset?)scene.Now, Permit.Needed),
            (parked.Status, parked.ExecutorId, parked.NextActivation, parked.Permit)
        );
        Assert.Empty((await scene.ClaimAsync()).Claimed);
        Assert.Equal(WaitReason.Limit, WaitReasons.Of(parked, scene.Now));
        Assert.Equal(
            ["order-1"],
            Names(
                await scene.SearchAsync(
                    new WorkflowSearch
                    {
                        Filter = new() { WaitsFor = [WaitReason.Limit] },
                        Now = scene.Now,
                    }
                )
            )
        );
        Assert.Empty(
            await scene.SearchAsync(
                new WorkflowSearch
                {
                    Filter = new() { WaitsFor = [WaitReason.Executor] },
                    Now = scene.Now,
                }
            )
        );
        Assert.Equal("Pay", Assert.Single((await GrantAsync(scene, OfType())).Claimed).State);
    }

    [Theory, OnEveryStore]
    public async Task Who_waits_for_permits_is_told_by_definition_and_state_up_to_a_number(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            OfKey("1", "a") with
            {
                NextActivation = scene.Now.AddSeconds(-20),
            },
            OfKey("2", "b") with
            {
                NextActivation = scene.Now.AddSeconds(-30),
            },
            OfKey("later", "c") with
            {
                NextActivation = scene.Now.AddSeconds(30),
            },
            OfKey("other version", "a") with
            {
                Version = "v2",
            },
            OfKey("other group", "a") with
            {
                ExecutorGroup = "other",
            },
            A.Workflow("free")
        );
        var search = new PermitQueueSearch([A.Of(A.Type)], [A.Group], 100, scene.Now);

        Assert.Equal(
            [new PermitQueue(A.Of(A.Type), A.FirstState, 2, scene.Now.AddSeconds(-30))],
            await scene.Store.PermitQueuesAsync(search, Stop)
        );
        Assert.Equal(1, Assert.Single(await scene.Store.PermitQueuesAsync(search with { Most = 1 }, Stop)).Waiting);
        Assert.Equal(
            3,
            (await scene.Store.PermitQueuesAsync(search with { ExecutorGroups = [A.Group, "other"] }, Stop)).Sum(
                queue => queue.Waiting
            )
        );

        await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)));

        Assert.Equal(
            new PermitQueue(A.Of(A.Type), A.FirstState, 1, scene.Now.AddSeconds(-30)),
            Assert.Single(await scene.Store.PermitQueuesAsync(search, Stop))
        );
    }

    [Theory, OnEveryStore]
    public async Task A_claim_under_limits_brings_the_variables(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("order-1", "a") with { StateVars = """{"a":1}""" });

        Assert.Equal("""{"a":1}""", Assert.Single((await GrantAsync(scene, OfType())).Claimed).StateVars);
    }

    [Theory, OnEveryStore]
    public async Task A_workflow_that_has_ended_and_is_retried_keeps_its_key(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(OfKey("order-1", "customer-7"));
        var failed = await scene.CommittedAsync(Assert.Single((await GrantAsync(scene, OfType())).Claimed).GivesUp());
        Assert.Equal((Permit.None, "customer-7"), (failed.Permit, failed.LimitKey));

        await scene.HappensAsync(failed.Id, new Retried(Limited, "ann"));

        var again = await scene.AgainAsync(failed);
        Assert.Equal((Permit.Needed, "customer-7"), (again.Permit, again.LimitKey));
    }

    [Theory, OnEveryStore]
    public async Task Executors_that_race_never_have_more_than_the_limit(StoreKind kind)
    {
        const int Limit = 7;
        var scene = await OpenAsync(kind);
        var another = await scene.AnotherStoreAsync();
        await scene.CreateAsync([
            .. Enumerable.Range(0, 150).Select(number => OfKey($"order-{number}", $"{number % 30}")),
        ]);
        long[] executors = [scene.Executor, await scene.RegisterAsync("other", TimeSpan.FromDays(1))];
        var limits = OfType(WorkflowLimit.Concurrency(Limit), WorkflowLimit.Concurrency(1, perKey: true));
        var finished = 0;
        var (have, most) = (0, 0);
        var keys = new HashSet<string>();
        var gate = new Lock();

        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async worker =>
                {
                    var store = worker % 2 == 0 ? scene.Store : another;
                    while (Volatile.Read(ref finished) < 150)
                    {
                        var request = Request(scene, limits, executors[worker % 2]) with { Limit = 3 };
                        var claimed = (await store.ClaimLimitedAsync(request, Stop)).Claimed;
                        lock (gate)
                        {
                            have += claimed.Count;
                            most = int.Max(most, have);
                            Assert.All(claimed, row => Assert.True(keys.Add(row.LimitKey)));
                        }

                        foreach (var row in claimed)
                        {
                            lock (gate)
                            {
                                have--;
                                keys.Remove(row.LimitKey);
                            }

                            var batch = new WriteBatch([], [row.Finishes().ToEvent()], row.ExecutorId, scene.Now);
                            await store.WriteAsync(batch, Stop);
                            Interlocked.Increment(ref finished);
                        }
                    }
                })
        );

        Assert.True(most <= Limit, $"{most} had permits at once.");
    }

    private static async Task EndAsync(Scene scene, WorkflowRecord row, string end)
    {
        switch (end)
        {
            case "finish":
                await scene.CommittedAsync(row.Finishes());
                break;
            case "go on":
                await scene.CommittedAsync(row.GoesTo("Free"));
                break;
            case "fail":
                await scene.CommittedAsync(row.GivesUp());
                break;
            case "retry":
                await scene.CommittedAsync(
                    row.GivesUp() with
                    {
                        Retry = RetryPolicy.Linear(5, TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
                    }
                );
                break;
            case "park":
                await scene.CommittedAsync(row.ParksUntil(scene.Now.AddDays(1)));
                break;
            case "wait for a person":
                await scene.CommittedAsync(row.WaitsForAPerson());
                break;
            case "cancel":
                await scene.HappensAsync(row.Id, new Cancelled("ann"));
                break;
            case "pause and end":
                await scene.HappensAsync(row.Id, new Paused("ann"));
                Assert.Empty((await GrantAsync(scene, OfType(WorkflowLimit.Concurrency(1)))).Claimed);
                await scene.CommittedAsync((await scene.AgainAsync(row)).GoesTo("Free"));
                break;
            case "hand back":
                await scene.HandBackAsync(row);
                break;
            case "move by hand":
                await scene.MoveAsync(row, A.Move("Free"));
                break;
            default:
                await scene.SetVariableAsync(row, "a", "1");
                break;
        }
    }

    /// <summary>A look takes a bounded number of keys, and the first waiter of each may be parked.</summary>
    [Theory, OnEveryStore]
    public async Task Many_keys_that_wait_for_later_keep_none_from_its_permit(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var limits = OfType(WorkflowLimit.Concurrency(1));
        await scene.CreateAsync(OfKey("first", "k50"));
        Assert.Equal(["first"], Names((await GrantAsync(scene, limits)).Claimed));
        await scene.CommittedAsync((await scene.Store.FindByExternalIdAsync("first", Stop))!.Finishes());
        await scene.CreateAsync([
            .. Enumerable
                .Range(10, 80)
                .Select(number =>
                    OfKey($"parked-{number}", $"k{number}") with
                    {
                        NextActivation = scene.Now.AddDays(1),
                    }
                ),
        ]);
        await scene.CreateAsync(OfKey("due-1", "k20"), OfKey("due-2", "k20"), OfKey("due-3", "k30"));

        foreach (var name in (string[])["due-1", "due-3", "due-2"])
        {
            var granted = Assert.Single((await GrantAsync(scene, limits)).Claimed);
            Assert.Equal(name, granted.ExternalId);
            await scene.CommittedAsync(granted.Finishes());
        }

        var nothing = await GrantAsync(scene, limits);
        Assert.Equal((0, false, false), (nothing.Claimed.Count, nothing.HasWaiters, nothing.IsMore));
    }

    private static NewWorkflow OfKey(string externalId, string key) =>
        A.Workflow(externalId) with
        {
            Limit = Own,
            LimitKey = key,
        };

    private static LimitSet OfType(params IReadOnlyList<WorkflowLimit> limits) =>
        new(limits, new Dictionary<string, IReadOnlyList<WorkflowLimit>>());

    private static LimitedClaimRequest Request(Scene scene, LimitSet limits, long? executor = null) =>
        new(executor ?? scene.Executor, A.Type, [A.Version], [A.Group], limits, 100, scene.Now);

    private static Task<LimitedClaimResult> GrantAsync(Scene scene, LimitSet limits, long? executor = null) =>
        scene.Store.ClaimLimitedAsync(Request(scene, limits, executor), Stop);

    private static IEnumerable<string> Names(IEnumerable<WorkflowRecord> rows) => rows.Select(row => row.ExternalId);
}
