using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The stored definitions of the processes.</summary>
public sealed class DefinitionTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_definition_is_stored_with_its_save_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        scene.Pass(seconds: 1);
        var definition = A.Definition("Order", "v1") with
        {
            Description = "Orders, \"quoted\" 🐹",
            FlowChart = "stateDiagram-v2\n    [*] --> Start",
            Shape = """{"states":[]}""",
        };

        await SaveAsync(scene, definition);

        Assert.Equal([definition with { Created = scene.Now, Updated = scene.Now }], await AllAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task Saving_a_version_again_keeps_its_first_save_time(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var created = scene.Now;
        await SaveAsync(scene, A.Definition("Order", "v1"));
        scene.Pass(seconds: 10);
        var again = A.Definition("Order", "v1") with { Description = "better", FlowChart = "f", Shape = "[]" };

        await SaveAsync(scene, again);

        Assert.Equal([again with { Created = created, Updated = scene.Now }], await AllAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task The_newest_version_is_the_one_saved_last(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["v1", "v3", "v2", "v1"])
        {
            scene.Pass(seconds: 1);
            await SaveAsync(scene, A.Definition("Order", version));
            Assert.Equal([version], (await AllAsync(scene)).Select(definition => definition.Version));
        }
    }

    [Theory, OnEveryStore]
    public async Task The_newest_version_of_a_name_is_found(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await SaveAsync(scene, A.Definition("Order", "v2"), A.Definition("order", "v9"), A.Definition("Order", "v1"));

        Assert.Equal("v1", (await scene.Store.FindDefinitionAsync("Order", Stop))!.Version);
        Assert.Equal("v9", (await scene.Store.FindDefinitionAsync("order", Stop))!.Version);
        Assert.Null(await scene.Store.FindDefinitionAsync("Order ", Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_last_of_versions_saved_at_the_same_instant_is_the_newest(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["v2", "v3", "v1", "v2"])
        {
            await SaveAsync(scene, A.Definition("Order", version));
            Assert.Equal([version], (await AllAsync(scene)).Select(definition => definition.Version));
        }
    }

    [Theory, OnEveryStore]
    public async Task Definitions_are_sorted_by_name_and_independent(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await SaveAsync(scene, A.Definition("b", "1"), A.Definition("a", "2"), A.Definition("B", "3"));
        scene.Pass(seconds: 1);
        await SaveAsync(scene, A.Definition("a", "4"));

        Assert.Equal(
            [("B", "3"), ("a", "4"), ("b", "1")],
            (await AllAsync(scene)).Select(definition => (definition.Name, definition.Version))
        );
    }

    [Theory, OnEveryStore]
    public async Task Without_definitions_the_list_is_empty(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await SaveAsync(scene);

        Assert.Empty(await AllAsync(scene));
    }

    [Theory, OnEveryStore]
    public async Task All_versions_are_listed_newest_first(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["v2", "v3", "v1"])
        {
            scene.Pass(seconds: 1);
            await SaveAsync(scene, A.Definition("Order", version), A.Definition("order", version));
        }

        await SaveAsync(scene, A.Definition("Order", "v3") with { Description = "better" });

        var versions = await scene.Store.DefinitionVersionsAsync("Order", Stop);
        Assert.Equal(
            [("v3", "better"), ("v1", "About Order"), ("v2", "About Order")],
            versions.Select(definition => (definition.Version, definition.Description))
        );
        Assert.All(versions, definition => Assert.Equal("Order", definition.Name));
        Assert.Equal((await AllAsync(scene))[0], versions[0]);
        Assert.Equal(A.FirstInstant.AddSeconds(2), versions[0].Created);
    }

    [Theory, OnEveryStore]
    public async Task The_last_of_versions_saved_together_is_the_newest(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (
            var saved in (string[][])
                [
                    ["v1", "v3", "v2"],
                    ["v2", "v1", "v3"],
                    ["v3", "v2", "v1"],
                ]
        )
        {
            await SaveAsync(
                scene,
                [
                    .. saved.SelectMany(version =>
                        (DefinitionRecord[])[A.Definition("Order", version), A.Definition("Invoice", version)]
                    ),
                ]
            );

            foreach (var name in (string[])["Order", "Invoice"])
            {
                Assert.Equal(
                    saved.Reverse(),
                    (await scene.Store.DefinitionVersionsAsync(name, Stop)).Select(definition => definition.Version)
                );
            }

            Assert.All(await AllAsync(scene), definition => Assert.Equal(saved[^1], definition.Version));
        }
    }

    [Theory, OnEveryStore]
    public async Task An_unsaved_definition_has_no_versions(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await SaveAsync(scene, A.Definition("Order", "v1"));

        Assert.Empty(await scene.Store.DefinitionVersionsAsync("order", Stop));
        Assert.Empty(await scene.Store.DefinitionVersionsAsync("Order ", Stop));
    }

    private static Task SaveAsync(Scene scene, params DefinitionRecord[] definitions) =>
        scene.Store.SaveDefinitionsAsync(definitions, scene.Now, Stop);

    private static Task<IReadOnlyList<DefinitionRecord>> AllAsync(Scene scene) => scene.Store.DefinitionsAsync(Stop);
}
