using System.Collections.Concurrent;
using GopherFlow.Authoring;
using GopherFlow.Settings;
using GopherFlow.TestSupport;

namespace GopherFlow.Engine.Tests.Execution;

/// <summary>A claim request says whether it is a mere poll or something is known to be due.</summary>
public sealed class PollTests
{
    private static readonly EngineOptions Options = new() { CheckDbInterval = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task Only_a_claim_at_the_poll_interval_expects_nothing()
    {
        var clock = new VirtualClock();
        await using var store = await TestStore.OpenAsync(StoreKind.InMemory, clock);
        var claims = new ConcurrentQueue<bool>();
        var intercepted = new InterceptedStore(store.Workflows)
        {
            Claim = (request, claim) =>
            {
                claims.Enqueue(request.ExpectsNothing);
                return claim();
            },
        };
        await using var engine = await EngineHarness.StartAsync(
            store,
            clock,
            registration =>
                registration.AddDefinition(
                    Machines.TwoStates(
                        "W",
                        _ => Task.FromResult(NextState.GoTo("Second").After(TimeSpan.FromSeconds(1))),
                        _ => Task.FromResult(NextState.GoTo("Done"))
                    )
                ),
            Options,
            wrapped: intercepted
        );
        await engine.RestAsync();
        claims.Clear();

        await clock.AdvanceWhenAwaitedAsync(Options.CheckDbInterval);
        await engine.RestAsync();
        Assert.Equal([true], claims);

        claims.Clear();
        var id = await engine.CreateAsync("W");
        await engine.UntilAsync(id, workflow => workflow.NextActivation is not null);
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(1));
        await engine.UntilAsync(id, WorkflowStatus.Finished);
        Assert.Equal([false], claims);
    }
}
