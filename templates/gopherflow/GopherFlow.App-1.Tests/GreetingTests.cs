using GopherFlow.Testing;

namespace GopherFlow.App_1.Tests;

public sealed class GreetingTests
{
    [Fact]
    public async Task It_greets_and_follows_up_a_day_later()
    {
        await using var flow = await FlowTest.For<Greeting>();
        var run = await flow.StartAsync(new { name = "Ann" });

        run.AssertState("FollowUp").AssertVariable("greeting", "Hello, Ann");

        flow.Advance(days: 1);

        run.AssertPath("Greet", "FollowUp", "Done");
    }
}
