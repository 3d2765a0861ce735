using GopherFlow.Conformance.Setting;
using GopherFlow.Definitions;

namespace GopherFlow.Conformance;

/// <summary>Only workflows that the executor can run are claimed: name and version must belong to one known definition.</summary>
public sealed class ClaimVersionTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task Only_the_known_one_of_two_versions_is_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(
            Of(A.Type, "v1"),
            Of(A.Type, "v2"),
            Of(A.Type, "V1"),
            Of(A.Type, "v1 "),
            Of(A.Type, "")
        );

        Assert.Equal([(A.Type, "v2")], await ClaimAsync(scene, (A.Type, "v2")));
        Assert.Empty(await ClaimAsync(scene, (A.Type, "v2"), (A.Type, "v3")));
        Assert.Equal([(A.Type, "v1")], await ClaimAsync(scene, (A.Type, "v1")));
        Assert.Equal([(A.Type, "")], await ClaimAsync(scene, (A.Type, "")));
    }

    [Theory, OnEveryStore]
    public async Task A_known_name_with_the_version_of_another_is_not_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Of("Order", "v1"), Of("Invoice", "v2"));

        Assert.Empty(await ClaimAsync(scene, ("Order", "v2"), ("Invoice", "v1")));
        Assert.Equal([("Order", "v1"), ("Invoice", "v2")], await ClaimAsync(scene, ("Invoice", "v2"), ("Order", "v1")));
    }

    [Theory, OnEveryStore]
    public async Task Names_and_versions_with_equal_concatenations_are_different(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        (string, string)[] alike =
        [
            ("a b", "c"),
            ("a", "b c"),
            ("a b c", ""),
            ("", "a b c"),
            ("a\",\"b", "c"),
            ("a", "b\",\"c"),
            ("a,b", "c"),
            ("a", "b,c"),
            ("1", "2"),
            ("01", "2"),
            ("1.0", "2"),
            ("null", "true"),
        ];
        await scene.CreateAsync([.. alike.Select(key => Of(key.Item1, key.Item2))]);

        foreach (var key in alike)
        {
            Assert.Equal([key], await ClaimAsync(scene, key));
        }
    }

    [Theory, OnEveryStore]
    public async Task A_version_named_twice_counts_once(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync(Of(A.Type, "v2"), Of(A.Type, "v1"));

        Assert.Equal([(A.Type, "v2")], await ClaimAsync(scene, (A.Type, "v2"), (A.Type, "v2"), (A.Type, "v3")));
    }

    [Theory, OnEveryStore]
    public async Task Without_known_definitions_nothing_is_claimed(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreatedAsync("order-1");

        Assert.Empty(await ClaimAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task Many_rows_of_another_version_hide_nothing(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 200).Select(_ => Of(A.Type, "old"))]);
        scene.Pass(seconds: 1);
        await scene.CreateAsync(Of(A.Type, "v1") with { NextActivation = scene.Now });

        Assert.Equal([(A.Type, "v1")], await ClaimAsync(scene, (A.Type, "v1")));
    }

    [Theory, OnEveryStore]
    public async Task Two_thousand_versions_may_be_known(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await scene.CreateAsync([.. Enumerable.Range(0, 60).Select(number => Of(A.Type, $"v{number * 40}"))]);

        var taken = await ClaimAsync(scene, [.. Enumerable.Range(0, 2000).Select(number => (A.Type, $"v{number}"))]);

        Assert.Equal(Enumerable.Range(0, 50).Select(number => (A.Type, $"v{number * 40}")), taken);
    }

    private static NewWorkflow Of(string type, string version) =>
        A.Workflow($"{Guid.NewGuid()}") with
        {
            WorkflowType = type,
            Version = version,
        };

    private static async Task<IEnumerable<(string Name, string Version)>> ClaimAsync(
        Scene scene,
        params (string Name, string Version)[] known
    ) =>
        (
            await scene.ClaimAsync(
                A.Claim(scene.Executor, scene.Now) with
                {
                    Definitions = [.. known.Select(key => new DefinitionKey(key.Name, key.Version))],
                }
            )
        ).Claimed.Select(row => (row.WorkflowType, row.Version));
}
