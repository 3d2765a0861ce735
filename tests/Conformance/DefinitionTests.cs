using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>The definitions that processes run, kept for show.</summary>
public sealed class DefinitionTests : StoreContract
{
    [Theory, OnEveryStore]
    public async Task A_definition_is_stored_with_the_instant_at_which_it_was_saved(StoreKind kind)
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
    public async Task Saving_a_version_again_keeps_when_it_was_first_saved(StoreKind kind)
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
    public async Task The_newest_version_is_the_one_that_was_saved_last(StoreKind kind)
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
    public async Task Of_versions_saved_at_one_instant_the_newest_is_the_one_that_was_saved_last(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        foreach (var version in (string[])["v2", "v3", "v1", "v2"])
        {
            await SaveAsync(scene, A.Definition("Order", version));
            Assert.Equal([version], (await AllAsync(scene)).Select(definition => definition.Version));
        }
    }

    [Theory, OnEveryStore]
    public async Task Definitions_are_sorted_by_name_and_do_not_touch_each_other(StoreKind kind)
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
    public async Task Without_definitions_there_are_none(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        await SaveAsync(scene);

        Assert.Empty(await AllAsync(scene));
    }

    private static Task SaveAsync(Scene scene, params DefinitionRecord[] definitions) =>
        scene.Store.SaveDefinitionsAsync(definitions, scene.Now, Stop);

    private static Task<IReadOnlyList<DefinitionRecord>> AllAsync(Scene scene) => scene.Store.DefinitionsAsync(Stop);
}
