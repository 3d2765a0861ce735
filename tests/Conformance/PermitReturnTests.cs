using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>When permits are free again.</summary>
public sealed class PermitReturnTests : LimitContract
{
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
}
