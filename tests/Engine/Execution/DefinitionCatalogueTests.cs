using GopherFlow.Authoring;
using GopherFlow.Definitions;
using GopherFlow.Execution;
using GopherFlow.Storage;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>The cache of definitions. Limits, webhooks and secrets can change without a new version.</summary>
public sealed class DefinitionCatalogueTests
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, ClassData(typeof(EveryStore))]
    public async Task A_change_by_another_process_is_seen_within_three_seconds(StoreKind kind)
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(kind, clock);
        var catalogue = new DefinitionCatalogue(DefinitionRegistry.Of([]), store.Workflows, clock);
        var (before, after) = (Machine().Build(), Changed().Build());
        var key = new DefinitionKey("W", before.Version);
        Assert.Equal(before.Version, after.Version);
        await SaveAsync(store, clock, before);
        var known = await catalogue.FindAsync(key, Stop);
        Assert.Same(known, await catalogue.FindAsync("W", Stop));

        await SaveAsync(store, clock, after);
        Assert.Same(known, await catalogue.FindAsync(key, Stop));
        clock.Advance(CacheLifetime);

        AssertChanged(await catalogue.FindAsync(key, Stop));
        AssertChanged(await catalogue.FindAsync("W", Stop));
    }

    [Fact]
    public async Task An_unchanged_definition_is_not_read_again()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var catalogue = new DefinitionCatalogue(DefinitionRegistry.Of([]), store.Workflows, clock);
        await SaveAsync(store, clock, Machine().Build());
        var known = await catalogue.FindAsync("W", Stop);

        clock.Advance(CacheLifetime);
        await SaveAsync(store, clock, Machine().Build());

        Assert.Same(known, await catalogue.FindAsync("W", Stop));
    }

    [Fact]
    public async Task A_definition_reloaded_by_this_process_is_seen_at_once()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var registry = DefinitionRegistry.Of([]);
        var catalogue = new DefinitionCatalogue(registry, store.Workflows, clock);
        registry.Replace(new NoSource(), [Machine().Build()], [], []);
        Assert.Empty((await catalogue.FindAsync("W", Stop))!.Webhooks);

        registry.Replace(new NoSource(), [Changed().Build()], [], []);

        AssertChanged(await catalogue.FindAsync("W", Stop));
    }

    private static WorkflowDefinitionBuilder Machine() =>
        WorkflowDefinitionBuilder.Named("W").Start("Work", _ => NextState.GoTo("Done"), ["Done"]).End("Done");

    private static WorkflowDefinitionBuilder Changed() => Machine().Webhook("shop").Concurrency(2).Secret("card");

    private static void AssertChanged(WorkflowDefinitionOutline? outline)
    {
        Assert.NotNull(outline);
        Assert.Equal([new Webhook("shop")], outline.Webhooks);
        Assert.Equal([WorkflowLimit.Concurrency(2)], outline.Limits);
        Assert.NotNull(outline.InitialLimit);
        Assert.Equal(["card"], outline.Tracing.Secrets);
    }

    private static Task SaveAsync(TestStore store, VirtualClock clock, WorkflowDefinition definition) =>
        store.Workflows.SaveDefinitionsAsync(
            [DefinitionRecord.Of(definition, clock.GetUtcNow())],
            clock.GetUtcNow(),
            Stop
        );

    private sealed class NoSource : IDefinitionSource
    {
        public ValueTask<DefinitionUse> OpenAsync(DefinitionKey key, CancellationToken cancellation) =>
            throw new DefinitionUnavailableException("Nothing is run here.");
    }
}
